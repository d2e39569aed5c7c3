import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { MAX_FORM_BODY, problemSchema, scaleRequestSchema } from '../api';
import { EngineError } from '../engine';
import { MAX_FORM } from '../swarm/max-body';
import { createServiceSchema } from '../swarm/spec/form';
import { engineProblem, problemResponse, readJson } from './index';

const schema = scaleRequestSchema(100);

const post = (body: BodyInit | null, type = 'application/json') =>
  new Request('http://127.0.0.1/', { method: 'POST', body, headers: { 'content-type': type } });

async function refusal(request: Request, status = 400, kind = 'bad-request') {
  const read = await readJson(request, schema);
  if (read.ok) throw new Error('it was taken');
  expect(read.response.headers.get('content-type')).toBe('application/problem+json');
  const problem = problemSchema.parse(await read.response.json());
  expect(problem).toMatchObject({ status, kind });
  return problem.detail;
}

test.each([0, 5, 100])('accepts %d replicas', async (replicas) => {
  const read = await readJson(post(JSON.stringify({ replicas })), schema);
  expect(read).toEqual({ ok: true, body: { replicas } });
});

test.each(['-1', '2.5', '"x"', '1e9', 'null', '"5"', '[]', '101'])(
  '%s replicas cannot, and the answer names the field',
  async (value) => {
    expect(await refusal(post(`{"replicas":${value}}`))).toMatch(/^replicas: ./);
  },
);

test('rejects a body that is missing, not JSON, not an object, too long, of another type, or with unknown fields', async () => {
  expect(await refusal(post(null))).toBe('The body is missing.');
  expect(await refusal(post('replicas=5'))).toBe('The body is not JSON.');
  expect(await refusal(post('5'))).toMatch(/the body/);
  expect(await refusal(post('{}'))).toMatch(/replicas/);
  const long = `{"replicas":5,"x":"${'y'.repeat(10_000)}"}`;
  expect(await refusal(post(long), 413, 'too-large')).toMatch(/longer than/);
  expect(await refusal(post('{"replicas":5}', 'text/plain'))).toMatch(/Content-Type/);
  expect(await refusal(post('{"replicas":5,"force":true}'))).toMatch(/force/);
});

test.each([
  ['Latin-1', [0xe9]],
  ['a character that is cut off', [0xe2, 0x82]],
  ['half of a surrogate pair', [0xed, 0xa0, 0xbd]],
  ['no byte of UTF-8', [0xff]],
])('rejects bytes that are not UTF-8, which would be replaced: %s', async (_, bytes) => {
  const [before, after] = ['{"replicas":5,"x":"', '"}'].map((text) => Buffer.from(text));
  const body = Buffer.concat([before, Buffer.from(bytes), after] as Buffer[]);
  expect(await refusal(post(body))).toBe('The body is not UTF-8.');
});

test('a byte order mark is not JSON', async () => {
  expect(await refusal(post('\ufeff{"replicas":5}'))).toBe('The body is not JSON.');
});

test('the detail of a refused body has the words of its errors', async () => {
  const body = { name: 'a', image: 'b', force: true, env: { A: 'x'.repeat(5000), '': 'y' } };
  const read = await readJson(post(JSON.stringify(body)), createServiceSchema(100));
  if (read.ok) throw new Error('it was taken');
  const { detail, errors = [] } = problemSchema.parse(await read.response.json());
  expect(errors).toContainEqual({ field: 'force', message: 'There is no such field.' });
  expect(errors).toContainEqual({ field: 'env.A', message: expect.stringContaining('4096') });
  expect(detail).toBe(errors.map(({ field, message }) => `${field}: ${message}`).join('; '));
});

test('the answer to a body with many or long wrong fields stays short', async () => {
  const many = Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`field${n}`, n]));
  expect(await refusal(post(JSON.stringify({ replicas: 1, ...many })))).toMatch(/; and 10 more$/);
  const name = 'x'.repeat(9000);
  expect((await refusal(post(JSON.stringify({ replicas: 1, [name]: 1 })))).length).toBeLessThan(
    1000,
  );
  const values = JSON.stringify({ replicas: 1, x: Array.from({ length: 5001 }, () => 1) });
  const read = await readJson(post(values), schema, { most: MAX_FORM_BODY });
  if (read.ok) throw new Error('it was taken');
  expect(problemSchema.parse(await read.response.json()).detail).toMatch(/more than 5000 values/);
});

/** A form that is as long as the schema accepts. */
function longestForm() {
  const form = { name: 'a', image: 'b', args: [] as string[] };
  const left = () => MAX_FORM - JSON.stringify({ ...form, mode: 'replicated' }).length;
  while (left() > 4100) form.args.push('x'.repeat(4096));
  form.args.push('x'.repeat(left() - 3));
  return form;
}

test('the longest form fits, however its JSON is written, and one character more has a message', async () => {
  const create = createServiceSchema(100);
  const send = (form: object, write: (text: string) => string) =>
    readJson(post(write(JSON.stringify(form))), create, { most: MAX_FORM_BODY });
  const escape = (text: string) =>
    text.replaceAll(/[a-z]/g, (one) => `\\u00${one.charCodeAt(0).toString(16)}`);
  const form = longestForm();
  expect((await send(form, (text) => text)).ok).toBe(true);
  expect((await send(form, escape)).ok).toBe(true);
  const read = await send({ ...form, name: 'ab' }, escape);
  if (read.ok) throw new Error('it was taken');
  const { errors } = problemSchema.parse(await read.response.json());
  expect(errors).toEqual([{ field: 'args.0', message: expect.stringMatching(/^All values toge/) }]);
});

test.each([
  ['{"replicas":5,"__proto__":{"polluted":1}}', '__proto__'],
  ['{"replicas":5,"labels":{"a":"b","__proto__":"x"}}', 'labels.__proto__'],
  ['{"replicas":5,"list":[{"__proto__":null}]}', 'list.0.__proto__'],
])('rejects the name of a prototype, which would be lost: %s', async (body, field) => {
  const read = await readJson(post(body), schema);
  if (read.ok) throw new Error('it was taken');
  const { status, errors } = problemSchema.parse(await read.response.json());
  expect({ status, errors }).toEqual({
    status: 400,
    errors: [{ field, message: 'This name cannot be used here.' }],
  });
});

test.each([
  [String.raw`{"replicas":5,"labels":{"a":"x\ud83dy"}}`, 'labels.a'],
  [String.raw`{"replicas":5,"labels":{"\udc00":"x"}}`, 'labels.\udc00'],
  [String.raw`{"replicas":5,"list":["ok","\udbff"]}`, 'list.1'],
  [String.raw`"\ud800"`, ''],
])(
  'rejects half of a character, which the engine would get as another: %s',
  async (body, field) => {
    const read = await readJson(post(body), schema);
    if (read.ok) throw new Error('it was taken');
    const { status, errors } = problemSchema.parse(await read.response.json());
    expect({ status, errors }).toEqual({
      status: 400,
      errors: [
        { field, message: 'This has half of a character, which cannot be sent: type it again.' },
      ],
    });
  },
);

test('accepts whole characters beyond 65,535', async () => {
  const text = z.strictObject({ text: z.string() });
  const read = await readJson(post(JSON.stringify({ text: '🚀' })), text);
  expect(read).toEqual({ ok: true, body: { text: '🚀' } });
});

test('rejects a body of thousands of levels', async () => {
  for (const [open, close] of [
    ['[', ']'],
    ['{"a":', '}'],
  ] as const) {
    const levels = Math.floor(9900 / (open.length + close.length));
    expect(await refusal(post(`${open.repeat(levels)}1${close.repeat(levels)}`))).not.toBe('');
  }
});

test('a problem document has the fields of RFC 9457 and ours', async () => {
  const response = problemResponse('too-many-tries', 'Too many.', 'Wait.', { retryAfter: 42 });
  expect(response.status).toBe(429);
  expect(response.headers.get('retry-after')).toBe('42');
  expect(await response.json()).toEqual({
    type: 'about:blank',
    title: 'Too many tries',
    status: 429,
    kind: 'too-many-tries',
    detail: 'Too many.',
    next: 'Wait.',
  });
});

test('maps an engine’s failure to a problem, but not a defect', async () => {
  const response = engineProblem(new EngineError('out-of-sequence', 'Raced.'), post(null));
  expect(response.status).toBe(409);
  expect(await response.json()).toMatchObject({
    kind: 'conflict',
    detail: expect.stringContaining('at the same moment'),
  });
  expect(() => engineProblem(new TypeError('oops'), post(null))).toThrow('oops');
});

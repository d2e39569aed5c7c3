import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { problemSchema, scaleRequestSchema } from '../api';
import { EngineError } from '../engine';
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

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LogReader, MAX_LINE_BYTES, type LogEntry } from './lines';

const TIME = '2026-01-01T12:00:00.123456789Z';
const encoder = new TextEncoder();

function details(task: string, node = 'n1', more = ''): string {
  return `${more}com.docker.swarm.node.id=${node},com.docker.swarm.service.id=s1,com.docker.swarm.task.id=${task}`;
}

function frame(type: number, body: string | Uint8Array): Uint8Array {
  const content = typeof body === 'string' ? encoder.encode(body) : body;
  const bytes = new Uint8Array(8 + content.length);
  bytes[0] = type;
  new DataView(bytes.buffer).setUint32(4, content.length);
  bytes.set(content, 8);
  return bytes;
}

function read(...parts: Uint8Array[]): LogEntry[] {
  const reader = new LogReader();
  return [...parts.flatMap((part) => reader.push(part)), ...reader.end()];
}

const line = (over: object = {}) => ({
  kind: 'line',
  time: TIME,
  taskId: 't1',
  nodeId: 'n1',
  stream: 'stdout',
  text: '',
  cut: false,
  ...over,
});

test('reads time, task, node and stream of a line', () => {
  expect(read(frame(1, `${TIME} ${details('t1')} GET /Hello! 200\n`))).toEqual([
    line({ text: 'GET /Hello! 200' }),
  ]);
  expect(read(frame(2, `${TIME} ${details('t2', 'n2')} \n`))).toEqual([
    line({ taskId: 't2', nodeId: 'n2', stream: 'stderr', text: '' }),
  ]);
});

test('labels of the log driver stand between the details', () => {
  expect(read(frame(1, `${TIME} ${details('t1', 'n1', 'a=b%2Cc,')} x\n`))).toEqual([
    line({ text: 'x' }),
  ]);
});

test('keeps spaces and tabs of a line', () => {
  expect(read(frame(1, `${TIME} ${details('t1')}   a \t b  \n`))).toEqual([
    line({ text: '  a \t b  ' }),
  ]);
});

test.each([
  ['2026-01-01T12:00:00Z', '2026-01-01T12:00:00.000000000Z'],
  ['2026-01-01T12:00:00.5Z', '2026-01-01T12:00:00.500000000Z'],
  ['2026-01-01T13:00:00.000000001+01:00', '2026-01-01T12:00:00.000000001Z'],
])('time %s is %s', (sent, time) => {
  expect(read(frame(1, `${sent} ${details('t1')} x\n`))).toEqual([line({ time, text: 'x' })]);
});

test('what has no time in front of it is a failure', () => {
  const text = `2026-13-45T12:00:00+01:00 ${details('t1')} x`;
  expect(read(frame(1, `${text}\n`))).toEqual([{ kind: 'failure', text }]);
});

test('reads lines of a terminal', () => {
  const bytes = encoder.encode(`${TIME} ${details('t1')} one\r\n${TIME} ${details('t1')} two\r\n`);
  expect(read(bytes)).toEqual([line({ text: 'one' }), line({ text: 'two' })]);
});

test('an error of the engine is a failure, with frames and without', () => {
  const text =
    'Error grabbing logs: rpc error: code = Unknown desc = warning: incomplete log stream.';
  expect(read(frame(3, `${text}\n`))).toEqual([{ kind: 'failure', text }]);
  const plain = encoder.encode(`${TIME} ${details('t1')} one\r\n${text}\n`);
  expect(read(plain)).toEqual([line({ text: 'one' }), { kind: 'failure', text }]);
});

describe('a line that docker has split', () => {
  const part = (text: string, task = 't1', type = 1) =>
    frame(type, `${TIME} ${details(task)} ${text}`);

  test('is joined, while other tasks and streams write', () => {
    expect(
      read(part('a'), part('x\n', 't2'), part('e\n', 't1', 2), part('b'), part('c\n')),
    ).toEqual([
      line({ taskId: 't2', text: 'x' }),
      line({ stream: 'stderr', text: 'e' }),
      line({ text: 'abc' }),
    ]);
  });

  test('may be split within a character', () => {
    const bytes = encoder.encode(`${TIME} ${details('t1')} ü`);
    const rest = encoder.encode(`${TIME} ${details('t1')} `);
    const end = Uint8Array.from([...rest, bytes.at(-1) ?? 0, 10]);
    expect(read(frame(1, bytes.subarray(0, -1)), frame(1, end))).toEqual([line({ text: 'ü' })]);
  });

  test('is returned without its end when the stream ends', () => {
    expect(read(part('a'))).toEqual([line({ text: 'a' })]);
  });

  test('is cut where it is too long', () => {
    const [cut, whole] = read(
      part('x'.repeat(10_000)),
      part('y'.repeat(10_000)),
      part('z\n'),
      part(`${'x'.repeat(MAX_LINE_BYTES)}\n`),
    );
    expect(cut).toEqual(
      line({ text: `${'x'.repeat(10_000)}${'y'.repeat(MAX_LINE_BYTES - 10_000)}`, cut: true }),
    );
    expect(whole).toEqual(line({ text: 'x'.repeat(MAX_LINE_BYTES) }));
  });

  test('is returned when it is too long, as it may never end, and the rest of it is left out', () => {
    const reader = new LogReader();
    const push = (text: string) => reader.push(part(text));
    expect(push('x'.repeat(MAX_LINE_BYTES))).toEqual([]);
    expect(push('10%\r')).toEqual([line({ text: 'x'.repeat(MAX_LINE_BYTES), cut: true })]);
    expect(push('y'.repeat(MAX_LINE_BYTES))).toEqual([]);
    expect(push('the end\n')).toEqual([]);
    expect(push('next\n')).toEqual([line({ text: 'next' })]);
    expect(push('x'.repeat(MAX_LINE_BYTES))).toEqual([]);
    expect(push('y')).toHaveLength(1);
    expect(reader.end()).toEqual([]);
  });

  test('costs no more memory the longer it is', () => {
    setFlagsFromString('--expose-gc');
    const gc = runInNewContext('gc') as () => void;
    const held = () => {
      gc();
      return process.memoryUsage().arrayBuffers;
    };
    const reader = new LogReader();
    const endless = part('x'.repeat(MAX_LINE_BYTES));
    const before = held();
    for (let n = 0; n < 5000; n++) reader.push(endless);
    // A tenth of what was written.
    expect(held() - before).toBeLessThan(8_000_000);
    expect(reader.end()).toEqual([]);
  });

  test('is ended early when too many tasks have unfinished ones', () => {
    const entries = Array.from({ length: 70 }, (_, n) => part(`${n}`, `t${n}`));
    const reader = new LogReader();
    const early = entries.flatMap((bytes) => reader.push(bytes));
    expect(early.map((entry) => entry.kind === 'line' && entry.text)).toEqual([
      '0',
      '1',
      '2',
      '3',
      '4',
      '5',
    ]);
    expect(reader.end()).toHaveLength(64);
  });
});

test.each([
  ['colours', '\u001b[1;31mred\u001b[0m', 'red'],
  ['a title', '\u001b]0;title\u0007text', 'text'],
  ['a link', '\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\', 'link'],
  ['a title without an end', 'a\u001b]0;x', 'a'],
  ['a cleared screen', '\u001bc\u001b[2J', ''],
  ['an escape alone', 'a\u001b', String.raw`a\x1b`],
  ['a carriage return', '10%\r20%', String.raw`10%\x0d20%`],
  ['bell and null', 'a\u0007\u0000', String.raw`a\x07\x00`],
  ['C1 controls', 'a\u009b31m', String.raw`a\x9b31m`],
  ['reversed text', 'a\u202eb', String.raw`a\u202eb`],
  ['line separators', 'a\u2028b', String.raw`a\u2028b`],
  ['bytes that are not UTF-8', 'a\uFFFD', 'a\uFFFD'],
  ['markup', '<b>&amp;</b>', '<b>&amp;</b>'],
  ['emoji of several code points', '👩‍🚀 ü', '👩‍🚀 ü'],
])('%s', (_, sent, text) => {
  expect(read(frame(1, `${TIME} ${details('t1')} ${sent}\n`))).toEqual([line({ text })]);
});

test('never throws for a frame’s content, and its text has no control characters', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(3), fc.uint8Array({ maxLength: 200 }))), (frames) => {
      const odd = frames.map(([type, body]) => frame(type, body));
      const own = frames.map(([type, body]) =>
        frame(type, Uint8Array.from([...encoder.encode(`${TIME} ${details('t1')} `), ...body])),
      );
      for (const { text } of read(...odd, ...own)) expect(text).not.toMatch(/(?!\t)\p{Cc}/u);
    }),
  );
});

test('holds nothing of a chunk after it was read, as a part of a line in each would hold them all', () => {
  const whole = Buffer.concat([
    frame(1, `${TIME} ${details('t1')} a`),
    frame(1, `${TIME} ${details('t1')} b\n`),
  ]);
  fc.assert(
    fc.property(fc.nat(whole.length), (at) => {
      const reader = new LogReader();
      // As a socket's, whose `slice` copies nothing.
      const chunks = [Buffer.from(whole.subarray(0, at)), Buffer.from(whole.subarray(at))];
      const read = chunks.flatMap((chunk) => {
        const entries = reader.push(chunk);
        chunk.fill(0);
        return entries;
      });
      expect(read).toEqual([line({ text: 'ab' })]);
    }),
  );
});

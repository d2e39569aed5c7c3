import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LogFormatError, LogFrames, MAX_FRAME, type LogFrame } from './frames';

const encoder = new TextEncoder();

/** A frame as the engine sends it. */
function frame(type: number, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(8 + body.length);
  bytes[0] = type;
  new DataView(bytes.buffer).setUint32(4, body.length);
  bytes.set(body, 8);
  return bytes;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** Splits bytes at these places. */
function chunks(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length];
  const sorted = places.sort((a, b) => a - b);
  return sorted.slice(1).map((end, i) => bytes.subarray(sorted[i], end));
}

function read(parts: readonly Uint8Array[]): LogFrame[] {
  const frames = new LogFrames();
  return [...parts.flatMap((part) => frames.push(part)), ...frames.end()];
}

const cuts = fc.array(fc.nat(5000), { maxLength: 20 });

test('frames are the same wherever chunks end', () => {
  const frames = fc.array(fc.tuple(fc.nat(3), fc.uint8Array({ maxLength: 300 })), {
    minLength: 1,
    maxLength: 12,
  });
  fc.assert(
    fc.property(frames, cuts, (sent, at) => {
      const bytes = joined(sent.map(([type, body]) => frame(type, body)));
      const streams = ['stdout', 'stdout', 'stderr', 'error'];
      expect(read(chunks(bytes, at))).toEqual(
        sent.map(([type, body]) => ({ stream: streams[type], bytes: body, cut: false })),
      );
    }),
  );
});

test('lines of a terminal are the same wherever chunks end', () => {
  const line = fc.string().map((text) => `2026 ${text.replaceAll('\n', '')}\r\n`);
  fc.assert(
    fc.property(fc.array(line), fc.boolean(), cuts, (lines, unfinished, at) => {
      const all = unfinished ? [...lines, '2026 unfinished'] : lines;
      const frames = read(chunks(encoder.encode(all.join('')), at));
      expect(frames.map(({ bytes }) => new TextDecoder().decode(bytes))).toEqual(all);
      expect(frames.every(({ stream, cut }) => stream === 'stdout' && !cut)).toBe(true);
    }),
  );
});

describe('limits', () => {
  test('keeps the beginning of a frame that is too long, and reads the next one', () => {
    const long = new Uint8Array(MAX_FRAME + 10).fill(65);
    const bytes = joined([frame(1, long), frame(2, encoder.encode('b\n'))]);
    expect(read(chunks(bytes, [70, 1000, 60_000]))).toEqual([
      { stream: 'stdout', bytes: long.subarray(0, MAX_FRAME), cut: true },
      { stream: 'stderr', bytes: encoder.encode('b\n'), cut: false },
    ]);
  });

  test('keeps the beginning of a terminal line that is too long', () => {
    const bytes = encoder.encode(`2${'x'.repeat(2 * MAX_FRAME)}\nnext\n`);
    const [long, next] = read(chunks(bytes, [5, 4321]));
    expect([long?.bytes.length, long?.cut]).toEqual([MAX_FRAME, true]);
    expect(new TextDecoder().decode(next?.bytes)).toBe('next\n');
  });
});

test('returns a terminal line that is too long before its end, as it may never end', () => {
  const frames = new LogFrames();
  const push = (text: string) =>
    frames.push(encoder.encode(text)).map(({ bytes, cut }) => [bytes.length, cut]);
  expect(push(`2${'x'.repeat(MAX_FRAME - 1)}`)).toEqual([]);
  expect(push('10%\r')).toEqual([[MAX_FRAME, true]]);
  expect(push('y'.repeat(2 * MAX_FRAME))).toEqual([]);
  expect(frames.end()).toEqual([]);
  expect(push('the end\r\nnext\r\n')).toEqual([[6, false]]);
});

test('returns the part of a frame that a broken stream left', () => {
  const bytes = frame(2, encoder.encode('whole\n')).subarray(0, 11);
  expect(read([bytes])).toEqual([{ stream: 'stderr', bytes: encoder.encode('who'), cut: false }]);
  expect(read([bytes.subarray(0, 5)])).toEqual([]);
});

test('does not keep the memory of a chunk', () => {
  const frames = new LogFrames();
  const chunk = frame(1, encoder.encode('abc\n'));
  frames.push(chunk.subarray(0, 10));
  const rest = chunk.slice(10);
  chunk.fill(0);
  expect(frames.push(rest)[0]?.bytes).toEqual(encoder.encode('abc\n'));
});

describe.each([
  ['a type beyond 3', [4, 0, 0, 0, 0, 0, 0, 1, 65]],
  ['padding that is not zero', [1, 0, 9, 0, 0, 0, 0, 1, 65]],
])('a header with %s', (_, bad) => {
  const good = [encoder.encode('one\n'), encoder.encode('two\n')];
  const bytes = joined([...good.map((body) => frame(1, body)), Uint8Array.from(bad)]);

  test('ends the log after the frames before it, wherever chunks end', () => {
    fc.assert(
      fc.property(cuts, (at) => {
        const frames = new LogFrames();
        const read = chunks(bytes, at).flatMap((chunk) => frames.push(chunk));
        expect(read.map((one) => one.bytes)).toEqual(good);
        expect(frames.error).toBeInstanceOf(LogFormatError);
        expect([...frames.push(frame(1, encoder.encode('more\n'))), ...frames.end()]).toEqual([]);
      }),
    );
  });
});

test('has no error without one', () => {
  const frames = new LogFrames();
  frames.push(frame(3, encoder.encode('broken')));
  expect(frames.error).toBeNull();
});

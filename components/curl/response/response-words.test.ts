import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SingleResponse } from '@/lib/curl/run';
import { bodyNotes, missingResponseWords, timeParts } from './response-words';

const RESPONSE: SingleResponse = {
  statusLine: 'HTTP/1.1 200 OK',
  headers: [],
  headersTruncated: false,
  body: 'Hello!',
  bodyBytes: 6,
  binary: false,
  truncated: false,
  unreadable: null,
  entryNode: 'ctrl',
  address: '10.0.0.1:8888',
  connectMs: 1,
  firstByteMs: 4,
  totalMs: 5,
  error: null,
};
const notes = (over: Partial<SingleResponse>, method: 'GET' | 'HEAD' = 'GET') =>
  bodyNotes({ ...RESPONSE, ...over }, method);

describe('a response', () => {
  test.each([
    [{}, 'GET', []],
    [{ bodyBytes: 0 }, 'GET', ['The body is empty.']],
    [{ bodyBytes: 0 }, 'HEAD', ['A response to HEAD has no body.']],
    [{ binary: true }, 'GET', ['Not text: its bytes are shown as \\x00.']],
    [
      { truncated: true, bodyBytes: 4096 },
      'GET',
      ['Cut: only the beginning of the body is shown (4,096 bytes were read).'],
    ],
    [
      { truncated: true, bodyBytes: 1, error: 'read timeout' },
      'GET',
      ['Incomplete: the response broke off after 1 byte of its body.'],
    ],
  ] as const)('with %j to %s has the notes %j', (over, method, expected) => {
    expect(notes(over, method)).toEqual(expected);
  });

  test('that is missing has a reason', () => {
    const missing = (over: Partial<SingleResponse>) =>
      missingResponseWords({ ...RESPONSE, ...over });
    expect(missing({})).toBeNull();
    expect(missing({ statusLine: null, unreadable: 'headers too long' })).toMatch(/8,192 bytes/);
    expect(missing({ statusLine: null, error: 'refused' })).toMatch(/refused/);
  });
});

describe('times', () => {
  test.each([
    [{ connectMs: 1, firstByteMs: 4, totalMs: 5 }, 'Connect 1, Wait 3, Receive 1'],
    [{ connectMs: 1, firstByteMs: null, totalMs: 5 }, 'Connect 1, Wait 4'],
    [{ connectMs: null, firstByteMs: null, totalMs: 5 }, 'Connect 5'],
    [{ connectMs: null, firstByteMs: 4, totalMs: 5 }, 'Wait 4, Receive 1'],
  ])('of %j are %s', (times, expected) => {
    const words = timeParts(times).map(({ name, ms }) => `${name} ${ms}`);
    expect(words.join(', ')).toBe(expected);
  });

  test('add up to the total', () => {
    const ms = fc.double({ min: 0, max: 5000, noNaN: true });
    const time = fc.option(ms);
    fc.assert(
      fc.property(time, time, ms, (connectMs, firstByteMs, last) => {
        const totalMs = Math.max(connectMs ?? 0, firstByteMs ?? 0, last);
        const parts = timeParts({ connectMs, firstByteMs, totalMs });
        expect(parts.reduce((sum, part) => sum + part.ms, 0)).toBeCloseTo(totalMs, 6);
        expect(parts.every((part) => part.ms > 0)).toBe(true);
      }),
    );
  });
});

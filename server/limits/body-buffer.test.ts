import { expect, test } from 'vitest';
import { MAX_BODY } from '@/lib/api';
import { BodyBuffer } from './body-buffer';

const LENGTH = 100_000;

test('holds a body that comes byte by byte in one block, which is at most twice as long', () => {
  const body = new BodyBuffer(LENGTH);
  const blocks = new Set<ArrayBufferLike>();
  for (let n = 0; n < LENGTH; n++) {
    body.add(Buffer.from([n % 251]));
    blocks.add(body.bytes().buffer);
    if (body.size > Math.max(MAX_BODY, 2 * body.length)) throw new Error(`${body.size} for ${n}`);
  }
  // Of which all but the last one are not held any more.
  expect(blocks.size).toBeLessThan(10);
  expect(body.size).toBe(LENGTH);
  expect(body.length).toBe(LENGTH);
  expect(body.bytes().every((byte, n) => byte === n % 251)).toBe(true);
});

test('copies what it is given, whose memory can be much longer', () => {
  const read = Buffer.from('a long read of a connection');
  const body = new BodyBuffer(100);
  body.add(read.subarray(2, 6));
  read.fill('x');
  expect(body.bytes().toString()).toBe('long');
  expect(body.bytes().buffer.byteLength).toBe(100);
});

test('takes no more memory than a body says that it is long', () => {
  expect(new BodyBuffer(2).size).toBe(2);
  const body = new BodyBuffer(15_000);
  expect(body.size).toBe(MAX_BODY);
  body.add(Buffer.alloc(MAX_BODY + 1));
  expect(body.size).toBe(15_000);
});

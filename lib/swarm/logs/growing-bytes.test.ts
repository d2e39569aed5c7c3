import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GrowingBytes } from './growing-bytes';

test('returns the parts in order and is empty then, in at most twice their memory', () => {
  const part = fc.uint8Array({ maxLength: 400 });
  fc.assert(
    fc.property(fc.array(fc.array(part, { maxLength: 60 }), { maxLength: 3 }), (rounds) => {
      const bytes = new GrowingBytes();
      for (const parts of rounds) {
        for (const one of parts) {
          // As a socket's: its memory is used again.
          const chunk = Buffer.from(one);
          bytes.push(chunk);
          chunk.fill(0);
        }
        const all = Buffer.concat(parts);
        expect(bytes.length).toBe(all.length);
        const taken = bytes.take();
        expect(Buffer.from(taken).equals(all)).toBe(true);
        expect(taken.buffer.byteLength).toBeLessThanOrEqual(Math.max(256, 2 * all.length));
      }
    }),
  );
});

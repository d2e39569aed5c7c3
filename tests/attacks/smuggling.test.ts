import { expect, test } from 'vitest';
import { exchange } from './support/raw';
import { sharedTarget } from './support/server';
import { SECRETS } from './support/sign-in';

/** A request hidden in the body of another is never answered. */

const target = sharedTarget({ env: SECRETS });

const head = (...lines: string[]) =>
  ['POST /api/session HTTP/1.1', 'Host: 127.0.0.1', ...lines, '', ''].join('\r\n');
const SMUGGLED = 'GET /smuggled HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n';
const whole = String(SMUGGLED.length);
const chunk = `${SMUGGLED.length.toString(16)}\r\n${SMUGGLED}\r\n0\r\n\r\n`;

/** Each is ambiguous: two servers may read it differently (RFC 9112, 6.1 to 7.1). */
const AMBIGUOUS: Record<string, string> = {
  'Content-Length and Transfer-Encoding':
    head(`Content-Length: ${whole}`, 'Transfer-Encoding: chunked') + `0\r\n\r\n${SMUGGLED}`,
  'Transfer-Encoding and Content-Length':
    head('Transfer-Encoding: chunked', 'Content-Length: 4') + chunk,
  'two Content-Lengths': head('Content-Length: 0', `Content-Length: ${whole}`) + SMUGGLED,
  'two equal Content-Lengths in one': head(`Content-Length: 0, ${whole}`) + SMUGGLED,
  'a signed Content-Length': head(`Content-Length: +${whole}`) + SMUGGLED,
  'a negative Content-Length': head('Content-Length: -1') + SMUGGLED,
  'a hexadecimal Content-Length': head('Content-Length: 0x10') + SMUGGLED,
  'a Content-Length with an exponent': head('Content-Length: 1e2') + SMUGGLED,
  'a Content-Length with a space': head('Content-Length: 1 0') + SMUGGLED,
  'an empty Content-Length': head('Content-Length:') + SMUGGLED,
  'a Content-Length beyond 64 bits': head(`Content-Length: 1${'0'.repeat(30)}`) + SMUGGLED,
  'an unknown Transfer-Encoding': head('Transfer-Encoding: xchunked') + chunk,
  'chunked and then identity': head('Transfer-Encoding: chunked, identity') + chunk,
  'chunked before another': head('Transfer-Encoding: chunked, gzip') + chunk,
  'two Transfer-Encodings': head('Transfer-Encoding: identity', 'Transfer-Encoding: x') + chunk,
  'a quoted Transfer-Encoding': head('Transfer-Encoding: "chunked"') + chunk,
  'a Transfer-Encoding with a vertical tab': head('Transfer-Encoding: \x0bchunked') + chunk,
  'a Transfer-Encoding behind NUL': head('Transfer-Encoding: \0chunked') + chunk,
  'a space before the colon': head('Transfer-Encoding : chunked') + chunk,
  'a space before Content-Length’s colon': head(`Content-Length : ${whole}`) + SMUGGLED,
  'a header name that starts with a space': head('X: y', ' Transfer-Encoding: chunked') + chunk,
  'a folded Transfer-Encoding': head('Transfer-Encoding:', ' chunked') + chunk,
  'a folded Content-Length': head('Content-Length:', ` ${whole}`) + SMUGGLED,
  'bare line feeds': head(`Content-Length: ${whole}`).replaceAll('\r\n', '\n') + SMUGGLED,
  'one bare line feed': head('X: y\nTransfer-Encoding: chunked') + chunk,
  'a bare carriage return': head('X: y\rTransfer-Encoding: chunked') + chunk,
  'a name with a NUL': head('X\0: y', `Content-Length: ${whole}`) + SMUGGLED,
  'a line without a colon': head('Transfer-Encoding chunked') + chunk,
  'an overflowing chunk size':
    head('Transfer-Encoding: chunked') + `1${'0'.repeat(16)}\r\n${SMUGGLED}`,
  'a chunk size just below 2^64':
    head('Transfer-Encoding: chunked') + `ffffffffffffffff\r\n${SMUGGLED}`,
  'a negative chunk size': head('Transfer-Encoding: chunked') + `-1\r\n${SMUGGLED}`,
  'a chunk size with 0x': head('Transfer-Encoding: chunked') + `0x5\r\n${SMUGGLED}`,
  'a chunk size with a space': head('Transfer-Encoding: chunked') + `5 5\r\n${SMUGGLED}`,
  'an empty chunk size': head('Transfer-Encoding: chunked') + `\r\n${SMUGGLED}`,
  'a chunk that is longer than its size': head('Transfer-Encoding: chunked') + `1\r\n${SMUGGLED}`,
  'a chunk extension with a line feed':
    head('Transfer-Encoding: chunked') + `1;\n0\r\n\r\n${SMUGGLED}`,
  'a chunk size that ends in a line feed': head('Transfer-Encoding: chunked') + `0\n\n${SMUGGLED}`,
};

test.each(Object.entries(AMBIGUOUS))('%s', async (_, bytes) => {
  const { statuses } = await exchange(target().port, bytes, { ms: 300 });
  // At most two refusals; /smuggled would be a 404.
  expect([[], [400], [401], [415], [400, 400], [401, 400]]).toContainEqual(statuses);
});

test('control: answers a complete second request on the same connection', async () => {
  const { statuses } = await exchange(target().port, head('Content-Length: 0') + SMUGGLED, {
    ms: 5000,
  });
  expect(statuses[1]).toBe(404);
});

test('HTTP/1.0 with Transfer-Encoding smuggles no second request', async () => {
  const bytes =
    head('Transfer-Encoding: chunked', 'Connection: keep-alive').replace('1.1', '1.0') +
    `0\r\n\r\n${SMUGGLED}`;
  const { statuses } = await exchange(target().port, bytes, { ms: 500 });
  expect(statuses.length).toBeLessThanOrEqual(1);
});

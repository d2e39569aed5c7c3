import { expect, test } from 'vitest';
import { RESPONSE_LIMITS } from '@/lib/curl/response-text';
import type { SingleResponse } from '@/lib/curl/run';
import { listen, reply, response, type Manner } from '@/tests/support/listener';
import { pour } from '@/tests/support/pour';
import { systemClock } from './clock';
import { LIMITS } from './run-engine';
import { sendRequest } from './send-request';
import { singleResponse } from './single-response';

/** Sends one request to a service that behaves like this; its response as it is kept. */
async function responseOf(
  manner: Manner,
  { method = 'GET', readMs = 2000 }: { method?: 'GET' | 'HEAD'; readMs?: number } = {},
): Promise<SingleResponse> {
  const { port } = await listen(manner);
  const request = { address: '127.0.0.1', port, path: '/', method, agent: null, keep: true };
  return new Promise((resolve, reject) => {
    sendRequest(request, { ...LIMITS, connectMs: 2000, readMs }, systemClock, {
      connect: () => {},
      done: (outcome) => {
        const kept = singleResponse(outcome, outcome, { entryNode: 'ctrl', address: 'a:1' });
        if (kept) resolve(kept);
        else reject(new Error('nothing was kept'));
      },
    });
  });
}

test('keeps status line, headers, body and times', async () => {
  const kept = await responseOf(reply(response('200 OK', 'Hello!\n', ['X-One: 1', 'x-one: 2'])));
  expect(kept).toMatchObject({
    statusLine: 'HTTP/1.1 200 OK',
    headers: [
      ['Content-Length', '7'],
      ['X-One', '1'],
      ['x-one', '2'],
      ['Connection', 'close'],
    ],
    body: 'Hello!\n',
    bodyBytes: 7,
    truncated: false,
    binary: false,
    error: null,
    entryNode: 'ctrl',
    address: 'a:1',
  });
  const { connectMs, firstByteMs, totalMs } = kept;
  expect(firstByteMs).toBeGreaterThanOrEqual(connectMs ?? NaN);
  expect(totalMs + 0.01).toBeGreaterThanOrEqual(firstByteMs ?? NaN);
});

test.each([
  ['302 Found', '3xx'],
  ['404 Not Found', '4xx'],
  ['503 Service Unavailable', '5xx'],
])('reads the body of %s', async (status, error) => {
  const kept = await responseOf(reply(response(status, 'because')));
  expect(kept).toMatchObject({ statusLine: `HTTP/1.1 ${status}`, body: 'because', error });
});

test('a response to HEAD has headers and no body', async () => {
  const head = 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n';
  expect(await responseOf(reply(head), { method: 'HEAD' })).toMatchObject({
    headers: [['Content-Length', '100']],
    body: '',
    truncated: false,
  });
});

test('keeps the part of a body that arrived before the timeout or the end', async () => {
  const half = 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf';
  const never = await responseOf((socket) => void socket.once('data', () => socket.write(half)), {
    readMs: 150,
  });
  expect(never).toMatchObject({ body: 'half', truncated: true, error: 'read timeout' });
  expect(await responseOf(reply(half))).toMatchObject({ body: 'half', truncated: true });
});

const block = Buffer.alloc(65_536, 'x');

test.each<[string, Manner, Partial<SingleResponse>]>([
  [
    'a header of 1 MB',
    reply(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(1_000_000)}\r\n\r\n`),
    { statusLine: null, unreadable: 'headers too long', headers: [], error: 'bad body' },
  ],
  [
    'headers up to the limit',
    reply(`HTTP/1.1 200 OK\r\n${'A: b\r\n'.repeat(1000)}\r\n`),
    { statusLine: 'HTTP/1.1 200 OK', headersTruncated: true },
  ],
  [
    'a body without end',
    pour('HTTP/1.1 404 Not Found\r\n\r\n', block),
    { bodyBytes: LIMITS.bodyBytes, truncated: true, error: '4xx' },
  ],
  [
    'binary without end',
    pour('HTTP/1.1 200 OK\r\n\r\n', Buffer.alloc(65_536, 0)),
    { binary: true, truncated: true },
  ],
  [
    'markup',
    reply(response('200 <script>', '<script>', ['X: <img src=x onerror=1>'])),
    { statusLine: 'HTTP/1.1 200 <script>', body: '<script>' },
  ],
  [
    'another protocol',
    reply('SSH-2.0-OpenSSH_9.2\r\n'),
    { statusLine: null, unreadable: 'not HTTP', body: '', error: 'bad body' },
  ],
  [
    'an upgrade',
    pour('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n', block),
    { statusLine: 'HTTP/1.1 101 Switching Protocols', body: '', error: 'bad body' },
  ],
  [
    'nothing',
    (socket) => void socket.once('data', () => socket.end()),
    { statusLine: null, unreadable: null, headers: [], body: '', error: 'closed' },
  ],
])('bounds %s', async (_, manner, expected) => {
  const kept = await responseOf(manner);
  expect(kept).toMatchObject(expected);
  expect(kept.body.length).toBeLessThanOrEqual(RESPONSE_LIMITS.body);
  const size = kept.headers.flat().reduce((sum, text) => sum + text.length, 0);
  expect(size).toBeLessThanOrEqual(RESPONSE_LIMITS.allHeaders);
});

import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '@/tests/support/eventually';
import { createHttpServer } from './http-server';
import { inTurn } from './turns';

test('drops what a connection sends after too many requests without parsing it', async () => {
  let refused = 0;
  let parsed = 0;
  const handedOn: string[] = [];
  const server = createHttpServer(
    inTurn(
      ({ url = '' }) => void handedOn.push(url),
      ({ socket }) => {
        refused++;
        socket.destroy();
      },
    ),
  ).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  server.on('request', () => parsed++);
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write(
    Array.from({ length: 800 }, (_, n) => `GET /${n} HTTP/1.1\r\nHost: a\r\n\r\n`).join(''),
  );
  await once(socket, 'close');
  expect(handedOn).toEqual(['/0']);
  expect(refused).toBe(1);
  // The first one and the five that were too many to wait.
  expect(parsed).toBe(6);
});

/** A server that answers each request with its body, the first one when `answerFirst` is called. */
async function echo() {
  let answerFirst = () => {};
  let refused = 0;
  const requests: IncomingMessage[] = [];
  const sockets: Socket[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const parts = (await request.toArray()) as Buffer[];
    response.end(`<${Buffer.concat(parts).toString()}>`);
  };
  const server = createHttpServer(
    inTurn(
      (request, response) => {
        if (request === requests[0]) answerFirst = () => void answer(request, response);
        else void answer(request, response);
      },
      ({ socket }) => {
        refused++;
        socket.destroy();
      },
    ),
  );
  server.prependListener('request', (request) => requests.push(request));
  server.prependListener('connection', (socket) => sockets.push(socket)).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
  socket.on('error', () => {});
  let sent = 0;
  return {
    socket,
    requests,
    answerFirst: () => answerFirst(),
    refused: () => refused,
    text: () => text,
    /** Sends bytes, and waits until they are read. */
    send: async (bytes: string) => {
      socket.write(bytes);
      sent += bytes.length;
      await eventually(() => expect(sockets[0]?.bytesRead).toBe(sent));
    },
  };
}

const FIRST = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const CHUNKED =
  'POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n';
const BYTE = '1\r\nx\r\n';

test.each([true, false])(
  'a body that waits is held in one block, and is read in its turn (all of it waits: %s)',
  async (isWhole) => {
    const { socket, requests, answerFirst, text, send } = await echo();
    await send(FIRST + CHUNKED + BYTE.repeat(3000));
    await send(BYTE.repeat(3000));
    // Node holds nothing of it.
    expect(requests.map(({ readableLength }) => readableLength)).toEqual([0, 0]);
    const rest = `3\r\nend\r\n0\r\n\r\n`;
    if (isWhole) await send(rest);
    answerFirst();
    await eventually(() => expect(text()).toContain('<>'));
    if (!isWhole) socket.write(rest);
    await eventually(() => expect(text()).toContain(`<${'x'.repeat(6000)}end>`));
  },
);

test('requests with bodies behind each other are answered in their order', async () => {
  const { answerFirst, text, send } = await echo();
  const post = (body: string, more = '') =>
    `POST / HTTP/1.1\r\nHost: a\r\n${more}Content-Length: ${body.length}\r\n\r\n${body}`;
  await send(FIRST + post('one') + post('') + post('three', 'Connection: close\r\n'));
  answerFirst();
  await eventually(() => expect(text().match(/<.*?>/g)).toEqual(['<>', '<one>', '<>', '<three>']));
});

test('ends a connection whose waiting body is long', async () => {
  const { socket, refused } = await echo();
  socket.write(FIRST + CHUNKED + BYTE.repeat(11_000));
  await eventually(() => expect(socket.closed).toBe(true));
  expect(refused()).toBe(1);
});

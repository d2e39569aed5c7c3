import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
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

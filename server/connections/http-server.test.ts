import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { recordRefused } from '@/lib/observe/refused';
import { createHttpServer } from './http-server';

vi.mock(import('@/lib/observe/refused'), () => ({ recordRefused: vi.fn() }));

test('logs a malformed request with the client’s address', async () => {
  const server = createHttpServer(() => {}).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  server.prependListener('connection', (socket) => {
    // A connection over IPv6, of which each household has 2^64 addresses.
    Object.defineProperty(socket, 'remoteAddress', { value: '2001:db8:0:7::1' });
  });
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => {});
  socket.resume().write('nonsense\r\n\r\n');
  await once(socket, 'close');
  expect(recordRefused).toHaveBeenCalledExactlyOnceWith(
    expect.objectContaining({ kind: 'bad-request', client: '2001:db8:0:7::/64' }),
  );
});

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { MAX_BODY, MAX_FORM_BODY } from '@/lib/api';
import { eventually } from '@/tests/support/eventually';
import { whenArrived, type Arrival } from './body';

/** A server that answers with what became of the body, its length, and its first and last character. */
async function bodies(most: number, reads = true) {
  const arrivals: Arrival[] = [];
  const sockets: Socket[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const isOperator = () => request.headers['x-role'] === 'operator';
    whenArrived(request, response, { most, isOperator }, (arrival) => {
      arrivals.push(arrival);
      if (!reads || arrival !== 'whole') return response.end(arrival);
      // As Next does.
      const body = request as unknown as ReadableStream;
      const init = { method: 'POST', body, duplex: 'half' };
      const read = new Request('http://a/', init).text();
      return read.then((all) => response.end(`whole ${all.length} ${all.at(0)}${all.at(-1)}`));
    });
  }).listen(0, '127.0.0.1');
  server.on('connection', (socket) => sockets.push(socket));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/`;
  const post = async (body: BodyInit, headers: Record<string, string> = {}) =>
    (
      await fetch(url, {
        method: 'POST',
        body,
        headers,
        ...(body instanceof ReadableStream && { duplex: 'half' }),
      })
    ).text();
  return { arrivals, sockets, port, post };
}

const text = (length: number) => `a${'x'.repeat(length - 2)}z`;

test.each([2, 9999, 16_384, 16_385, 70_000, MAX_FORM_BODY])(
  'hands on a body of %i bytes whole',
  async (length) => {
    const { post } = await bodies(MAX_FORM_BODY);
    expect(await post(text(length))).toBe(`whole ${length} az`);
    // Without a length.
    expect(await post(new Blob([text(length)]).stream())).toBe(`whole ${length} az`);
  },
);

test('notices the end of a body that comes after everything else', async () => {
  const { port, arrivals, sockets } = await bodies(MAX_FORM_BODY);
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => (answer += chunk));
  const head =
    'POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n';
  const begin = `${head}3\r\nabz\r\n`;
  socket.write(begin);
  await eventually(() => expect(sockets[0]?.bytesRead).toBe(begin.length));
  expect(arrivals).toEqual([]);
  socket.write('0\r\n\r\n');
  await once(socket, 'close');
  expect(answer).toContain('whole 3 az');
});

test('hands on a body that turns out to be empty', async () => {
  const { port } = await bodies(MAX_FORM_BODY);
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => (answer += chunk));
  socket.write(
    'POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  );
  await once(socket, 'close');
  expect(answer).toContain('whole 0 ');
});

test('refuses a body without a length as soon as it is too long', async () => {
  const { post } = await bodies(MAX_BODY);
  expect(await post(new Blob([text(MAX_BODY)]).stream())).toBe(`whole ${MAX_BODY} az`);
  expect(await post(new Blob([text(MAX_BODY + 1)]).stream())).toBe('too-long');
});

test.each([true, false])(
  'long bodies are refused while too many are there, and are accepted again (read: %s)',
  async (reads) => {
    const { port, arrivals, post } = await bodies(MAX_FORM_BODY, reads);
    // Each lacks its last byte, so it waits.
    const head = `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${MAX_FORM_BODY}\r\n\r\n`;
    const unfinished = text(MAX_FORM_BODY).slice(1);
    const sockets = Array.from({ length: 50 }, () => {
      const socket = connect(port, '127.0.0.1').on('error', () => {});
      socket.write(head + unfinished);
      return socket;
    });
    onTestFinished(() => sockets.forEach((socket) => void socket.destroy()));
    await vi.waitFor(() => expect(arrivals.length).toBeGreaterThan(5), { timeout: 20_000 });
    expect(new Set(arrivals)).toEqual(new Set(['too-many']));
    // Operators have a part of their own.
    expect(await post(text(MAX_FORM_BODY), { 'x-role': 'operator' })).toMatch(/^whole/);
    // Short ones always are.
    expect(await post(text(MAX_BODY))).toMatch(/^whole/);
    for (const socket of sockets) socket.destroy();
    await vi.waitFor(async () => expect(await post(text(MAX_FORM_BODY))).toMatch(/^whole/), {
      timeout: 20_000,
    });
    // One after another, on kept connections: nothing of those that were answered counts.
    for (let n = 0; n < 60; n++) expect(await post(text(MAX_FORM_BODY))).toMatch(/^whole/);
  },
);

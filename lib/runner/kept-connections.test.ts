import http from 'node:http';
import type net from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { containerOfSlot } from '@/tests/factories/view';
import { listen, until, type Manner } from '@/tests/support/listener';
import { setUp } from '@/tests/support/runs';

const echoText = `This is ${containerOfSlot(1)} running on linux/arm saying: Hello!\n`;
/** The echo service's answer, on a connection that stays open. */
const KEPT = `HTTP/1.1 200 OK\r\nContent-Length: ${echoText.length}\r\n\r\n${echoText}`;

describe('a service that closes kept connections', () => {
  /** Requests answered per connection; the next one closes it in the given way. */
  const answering = (count: number, onNext: (socket: net.Socket) => void): Manner => {
    return (socket) => {
      let left = count;
      socket.on('data', () => {
        left -= 1;
        if (left >= 0) socket.write(KEPT);
        else onNext(socket);
      });
    };
  };
  const cases: [string, Manner][] = [
    ['right after each answer', (socket) => socket.on('data', () => socket.end(KEPT))],
    ['at the 2nd request', answering(1, (socket) => socket.end())],
    ['at each 5th request', answering(4, (socket) => socket.end())],
    ['at each 3rd request, with a reset', answering(2, (socket) => socket.resetAndDestroy())],
  ];
  test.each(cases)('%s: sends an unanswered request again', async (_name, manner) => {
    const listener = await listen(manner);
    const { start, ended, get } = setUp(listener.port);
    const { id } = start({ mode: 'burst', burst: 60, connection: 'keepAlive', inFlight: 4 });
    await ended(id);
    const run = get(id);
    expect(run).toMatchObject({ sent: 60, answered: 60, failed: 0, errors: {} });
    expect(run.resent).toBeGreaterThan(0);
    expect(run.note).toContain(`${run.resent} request`);
    expect(run.connections).toBe(listener.seen);
  });

  test('does not resend a request whose answer was cut off', async () => {
    const half = (socket: net.Socket) => void socket.end(KEPT.slice(0, -20));
    const listener = await listen(answering(2, half));
    const { start, ended, get } = setUp(listener.port);
    const { id } = start({
      mode: 'burst',
      burst: 60,
      connection: 'keepAlive',
      inFlight: 1,
      keepGoing: true,
    });
    await ended(id);
    const numbers = { sent: 60, answered: 40, failed: 20, errors: { closed: 20 } };
    expect(get(id)).toMatchObject({ ...numbers, resent: 0, connections: 20, note: null });
  });

  test('resends once only, and reports "closed" instead of "refused"', async () => {
    let requests = 0;
    const listener = await listen((socket, n) =>
      socket.on('data', () => {
        requests += 1;
        if (n === 1 && requests === 1) socket.write(KEPT);
        else socket.end();
      }),
    );
    const { start, ended, get } = setUp(listener.port);
    const { id } = start({
      mode: 'burst',
      burst: 10,
      connection: 'keepAlive',
      inFlight: 1,
      keepGoing: true,
    });
    await ended(id);
    expect(get(id)).toMatchObject({ sent: 10, answered: 1, failed: 9, errors: { closed: 9 } });
    expect(get(id)).toMatchObject({ resent: 1, connections: 10 });
    expect(requests).toBe(11);
  });

  test('counts no failures when the idle timeout is close to the interval', async () => {
    const server = http.createServer((_, answer) => answer.end(echoText));
    server.keepAliveTimeout = 15;
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    onTestFinished(() => void server.close());
    const { port } = server.address() as net.AddressInfo;
    const { start, ticks, get, runner } = setUp(port);
    const { id } = start({ connection: 'keepAlive', inFlight: 1, keepGoing: true });
    for (let i = 0; i < 40; i++) {
      await setTimeout(14 + (i % 5) / 2);
      await ticks(id, 1);
    }
    await until(() => expect(get(id).answered + get(id).failed).toBe(get(id).sent));
    expect(get(id)).toMatchObject({ sent: 41, answered: 41, failed: 0 });
    runner.stop(id);
  });
});

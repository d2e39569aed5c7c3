import { setTimeout as later } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { expectNothingLeft, quietTarget } from './support/quiet';
import { closeAll, connections, pipeline } from './support/flood';
import { ask, closedWithin, dial, requestText } from './support/raw';

/** A stream ends when its reader is gone. */

test('answers HEAD /api/live and ends it', async () => {
  const { target, before } = await quietTarget();
  const { status, headers, body } = await ask(target.port, '/api/live', { method: 'HEAD' });
  expect([status, headers['content-type'], body]).toEqual([
    200,
    'text/event-stream; charset=utf-8',
    '',
  ]);
  await expectNothingLeft(target, before);
});

test('10,000 × HEAD /api/live on separate connections leave nothing', async () => {
  const { target, before } = await quietTarget();
  const text = requestText('HEAD', '/api/live', target.port, { Connection: 'close' });
  for (let wave = 0; wave < 20; wave++) {
    const sockets = await connections(target.port, text, 500);
    await Promise.all(sockets.map((socket) => closedWithin(socket, 200)));
    await closeAll(sockets);
  }
  await expectNothingLeft(target, before);
});

test('10,000 × HEAD /api/live, 100 in one write, leave nothing', async () => {
  const { target, before } = await quietTarget();
  const text = requestText('HEAD', '/api/live', target.port);
  for (let wave = 0; wave < 10; wave++) {
    await Promise.all(
      Array.from({ length: 10 }, () => pipeline(target.port, text, 100, { ms: 300 })),
    );
  }
  await expectNothingLeft(target, before);
});

test('10,000 × GET /api/live, 100 in one write and then closed, leave nothing', async () => {
  const { target, before } = await quietTarget();
  const text = requestText('GET', '/api/live', target.port);
  for (let wave = 0; wave < 10; wave++) {
    await Promise.all(
      Array.from({ length: 10 }, () => pipeline(target.port, text, 100, { ms: 200 })),
    );
  }
  await expectNothingLeft(target, before);
});

test('10,000 × GET /api/live, closed right after the request, leave nothing', async () => {
  const { target, before } = await quietTarget();
  const text = requestText('GET', '/api/live', target.port);
  for (let wave = 0; wave < 20; wave++) {
    await closeAll(await connections(target.port, text, 500));
  }
  await expectNothingLeft(target, before);
});

test('ends the stream of a client that has closed its side', async () => {
  const { target, before } = await quietTarget();
  const sockets = await Promise.all(
    Array.from({ length: 200 }, async () => {
      const socket = await dial(target.port, '127.0.0.2', { allowHalfOpen: true });
      socket.resume();
      socket.end(requestText('GET', '/api/live', target.port));
      return socket;
    }),
  );
  await later(1000);
  await expectNothingLeft(target, before);
  await closeAll(sockets);
});

test('other addresses and methods leave no stream', async () => {
  const { target, before } = await quietTarget();
  for (const path of ['/api/live/', '/api/live/x', '/api/live?at=1', '//api/live', '/api//live']) {
    for (const method of ['GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS']) {
      const socket = await dial(target.port, '127.0.0.2');
      socket.resume();
      socket.write(requestText(method, path, target.port));
      await closedWithin(socket, 50);
      socket.destroy();
    }
  }
  await expectNothingLeft(target, before);
});

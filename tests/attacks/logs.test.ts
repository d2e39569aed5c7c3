import { setTimeout as later } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { closeAll, connections } from './support/flood';
import { expectNothingLeft, quietTarget } from './support/quiet';
import { ask, requestText } from './support/raw';
import { startTarget } from './support/server';
import { SECRETS, signIn } from './support/sign-in';

/** Logs: who may read them, and what they cost. */

const PATH = '/api/services/goweb/logs';
const EVENTS = { Accept: 'text/event-stream' };

test('readers and guests get nothing of a log', async () => {
  const { port } = await startTarget({ env: SECRETS });
  const guest = await signIn(port, SECRETS.DASHBOARD_GUEST_PASSWORD);
  const operator = await signIn(port, SECRETS.DASHBOARD_PASSWORD);
  for (const path of [PATH, `${PATH}?format=events`, '/api/tasks/goweb.1/logs']) {
    const visitor = await ask(port, path);
    expect([visitor.status, visitor.body.includes('echo-server')]).toEqual([401, false]);
    const known = await ask(port, path, { headers: guest.headers });
    expect([known.status, known.body.includes('echo-server')]).toEqual([403, false]);
  }
  // An operator's cookie alone reads, as it does elsewhere.
  const { cookie = '' } = operator.headers;
  const read = await ask(port, PATH, { headers: { cookie } });
  expect(read.status).toBe(200);
  expect(read.body).toMatch(/ goweb\.1\.\w{25}@\w+ {4}\| echo-server: \w+ listens on/);
  expect(read.headers['content-disposition']).toBe('attachment; filename="goweb.log"');
});

test('signing out ends a log that is followed', async () => {
  const { port } = await startTarget({ env: SECRETS });
  const { headers } = await signIn(port, SECRETS.DASHBOARD_PASSWORD);
  const followed = ask(port, `${PATH}?follow=1`, { headers });
  await later(1000);
  await ask(port, '/api/session', { method: 'DELETE', headers });
  const { status, body } = await followed;
  expect([status, body.includes('listens on')]).toEqual([200, true]);
});

test('readers that are stuck cost little, and leave nothing', async () => {
  const { target, before } = await quietTarget();
  await target.swarm.control('/chatter', { service: 'goweb', linesPerSecond: 2000 });
  const text = requestText('GET', PATH, target.port, EVENTS);
  const sockets = await connections(target.port, text, 200);
  for (const socket of sockets) socket.pause();
  const followed = requestText('GET', `${PATH}?follow=1`, target.port);
  const others = await connections(target.port, followed, 50);
  for (const socket of others) socket.pause();
  await later(8000);
  expect(target.memory()).toBeLessThan(150);
  // One stream of the engine for all of them.
  expect((await ask(target.port, '/api/swarm', { within: 15_000 })).status).toBe(200);
  await closeAll([...sockets, ...others]);
  await target.swarm.control('/chatter', { service: 'goweb', linesPerSecond: 0 });
  await expectNothingLeft(target, before);
});

test('twelve different logs at once stay within the memory of the server', async () => {
  const { target } = await quietTarget();
  await target.swarm.control('/chatter', { service: 'goweb', linesPerSecond: 1000 });
  // Each has another range, so another stream of the engine.
  const logs = Array.from({ length: 12 }, (_, n) => `${PATH}?tail=${n}`);
  const open = await Promise.all(
    logs.flatMap((path) => [
      connections(target.port, requestText('GET', path, target.port, EVENTS), 2),
      connections(target.port, requestText('GET', `${path}&follow=1`, target.port), 1),
    ]),
  );
  // One of each reads, the others are stuck.
  for (const [reader, ...stuck] of open) {
    reader?.resume();
    for (const socket of stuck) socket.pause();
  }
  const memory: number[] = [];
  for (let second = 0; second < 15; second += 1) {
    await later(1000);
    memory.push(target.memory());
  }
  expect(Math.max(...memory)).toBeLessThan(150);
  await target.swarm.control('/chatter', { service: 'goweb', linesPerSecond: 0 });
  await closeAll(open.flat());
});

test('different logs and whole ones are limited', async () => {
  const { port } = await startTarget();
  const texts = Array.from({ length: 20 }, (_, n) =>
    requestText('GET', `${PATH}?tail=${n}`, port, EVENTS),
  );
  const all = await Promise.all(texts.map((text) => connections(port, text, 1)));
  await later(1500);
  const refused = await ask(port, `${PATH}?tail=99&format=events`);
  expect([refused.status, refused.headers['retry-after']]).toEqual([503, '15']);
  await closeAll(all.flat());
});

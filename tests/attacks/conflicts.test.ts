import { expect, test } from 'vitest';
import { startDemo } from '../e2e/support/demo';
import { collide } from '../support/conflicts';
import { recordingProxy } from '../support/recording-proxy';
import { jsonOverSocket } from '../support/unix-socket';
import { withTest } from './support/ends';
import { ask } from './support/raw';
import { startServer } from './support/server';

/** Many people who change the same things at once are no attack: nobody is turned away, and nothing is lost. */
test('200 changes at once are all answered and accepted', async () => {
  const swarm = await startDemo();
  withTest(() => swarm.stop());
  const proxy = await recordingProxy(swarm.socketPath);
  withTest(() => proxy.close());
  const { port } = await startServer({ dockerHost: `unix://${proxy.socketPath}` });
  const spec = {
    Name: 'crowded',
    Labels: { kept: 'yes' },
    TaskTemplate: { ContainerSpec: { Image: 'carmeloc/goweb:1.0', Env: ['KEPT=yes'] } },
    Mode: { Replicated: { Replicas: 2 } },
  };
  await jsonOverSocket(swarm.socketPath, 'POST', '/services/create', spec);
  const send = async (method: string, path: string, body?: unknown) => {
    const { status, body: text } = await ask(port, path, {
      method,
      headers: { host: `127.0.0.1:${port}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status, body: JSON.parse(text) };
  };
  const shared = {
    send,
    socketPath: swarm.socketPath,
    posts: proxy.posts,
    service: 'crowded',
    nodes: ['zero1', 'zero2', 'zero3', 'zero4'],
    images: ['carmeloc/goweb:1.0', 'carmeloc/goweb:1.1'] as const,
  };
  await collide({ ...shared, clients: 20, changes: 10 });
  // All at the same moment.
  const all = await Promise.all(
    Array.from({ length: 200 }, (_, at) =>
      send('PATCH', '/api/services/crowded', { labels: { [`all-${at}`]: 'x' } }),
    ),
  );
  expect(new Set(all.map(({ status }) => status))).toEqual(new Set([202]));
  const after = await jsonOverSocket(swarm.socketPath, 'GET', '/services/crowded');
  const labels = Object.keys(Object(after).Spec.Labels);
  expect(labels.filter((name) => name.startsWith('all-'))).toHaveLength(200);
}, 120_000);

/**
 * A server process during a failure drill, for the test of its shutdown. It prints each change of a node,
 * and exits as Next does: at once on SIGTERM when no connection is open.
 */
import '@/lib/start';
import { aRequest } from '@/tests/factories/curl';
import { aNode, aService, aView } from '@/tests/factories/view';
import { getRunner } from '@/lib/runner/app-runner';

/** The discard port, without a listener. */
const PORT = 9;
const ports = [{ published: PORT, target: 8080, protocol: 'tcp', mode: 'ingress' as const }];
const view = aView({
  nodes: [
    aNode({ name: 'ctrl', address: '127.0.0.1' }),
    aNode({ name: 'zero1', address: '127.0.0.1' }),
  ],
  services: [aService({ ports })],
});
const say = (text: string) => process.stdout.write(`${text}\n`);
const scope = globalThis as unknown as Record<symbol, unknown>;
scope[Symbol.for('clusterhat.feed')] = {
  current: () => ({ view }),
  fresh: () => Promise.resolve(view),
  wake: () => {},
  subscribe: () => () => {},
  addAction: () => {},
  record: () => {},
};
scope[Symbol.for('clusterhat.engine')] = {
  /** A slow engine. */
  async setAvailability(node: string, availability: string) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    say(`${node} ${availability}`);
    return { from: 'active', to: availability };
  },
};
process.on('SIGTERM', () => setImmediate(() => process.exit(143)));

const request = aRequest({ publishedPort: PORT, rate: 1, seconds: 300, keepGoing: true });
const started = getRunner().start(request, view);
if (!started.ok) throw new Error(started.why.detail);
getRunner().drill(started.run.id, { kind: 'drain', node: 'zero1', seconds: 120 }, view);

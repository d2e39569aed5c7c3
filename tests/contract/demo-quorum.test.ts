import { describe } from 'vitest';
import { jsonOverSocket } from '@/tests/support/unix-socket';
import { quorum } from './suite-quorum';
import { useDemo } from './use-demo';

/** A demo of its own: without a leader no other test could use it. */
describe('the demo swarm', () => {
  const engine = useDemo();
  const link = async (node: string, isThere: boolean) => {
    const control = engine().socketPath.replace(/\.sock$/, '-control.sock');
    await jsonOverSocket(control, 'POST', '/node', { node, link: isThere });
  };
  quorum(engine, { cut: (node) => link(node, false), mend: (node) => link(node, true) });
});

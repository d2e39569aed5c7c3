import { passThrough, run } from './exec';
import { type NodeName, socketOf } from './layout';

/** Debian's client: it builds without a plug-in, which newer ones elsewhere in the PATH do not. */
const DOCKER = '/usr/bin/docker';

/** Arguments of `env` for a docker command on a node's engine. */
export function dockerArgs(node: NodeName, args: readonly string[]): string[] {
  // BuildKit, as built into this client and engine: it alone builds for another platform than its own.
  return ['DOCKER_BUILDKIT=1', DOCKER, '--host', `unix://${socketOf(node)}`, ...args];
}

/** Runs any docker command against one node's engine, on the terminal; returns its exit code. */
export function dockerOn(
  node: NodeName,
  args: readonly string[],
  stdout: 1 | 2 = 1,
): Promise<number> {
  return passThrough('env', dockerArgs(node, args), stdout);
}

/** Runs a docker command and returns its stdout; throws unless it succeeds. */
export function dockerOutput(
  node: NodeName,
  args: readonly string[],
  input?: string,
): Promise<string> {
  return run('env', dockerArgs(node, args), input);
}

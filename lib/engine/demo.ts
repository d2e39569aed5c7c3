import * as z from 'zod/mini';
import type { EngineInfo } from '../swarm/engine-json';
import type { EngineAddress } from './address';
import { engineAgent } from './connection';
import { EngineError } from './errors';
import { plainRequest } from './plain-request';
import { toEngineError } from './to-engine-error';

/** The label in `/info` by which the embedded demo swarm says what it is. */
const CONTROL_LABEL = 'clusterhat.demo.control=';
const DEADLINE_MS = 5000;

type UnixAddress = EngineAddress & { kind: 'unix' };

/**
 * Where the demo takes faults, or null: the engine is a real one, or on another machine. The path is
 * the one beside the engine's own socket (demo/demo.ts), whatever the label says: an engine must not
 * choose which of this machine's sockets the dashboard calls.
 */
export function demoControl({ Labels }: EngineInfo, engine: EngineAddress): UnixAddress | null {
  if (engine.kind !== 'unix') return null;
  if (!Labels.some((label) => label.startsWith(CONTROL_LABEL))) return null;
  return { kind: 'unix', socketPath: engine.socketPath.replace(/(\.sock)?$/, '-control.sock') };
}

/**
 * One call of the demo's control endpoint: its state with GET, one change with a path and a body.
 * Its answer is not parsed here (`demoStateSchema`, lib/api.ts).
 * It has a socket of its own, so it answers while the demo's engine is "stopped".
 */
export async function askDemo(
  control: UnixAddress,
  change?: { path: string; body: unknown },
): Promise<unknown> {
  const agent = engineAgent(control);
  try {
    const options = {
      path: change?.path ?? '/',
      method: change ? 'POST' : 'GET',
      signal: AbortSignal.timeout(DEADLINE_MS),
    };
    const content = change && JSON.stringify(change.body);
    const { status, body } = await plainRequest(agent, options, content);
    const json: unknown = JSON.parse(body);
    if (status === 200) return json;
    const { message } = z.object({ message: z.string() }).parse(json);
    throw new EngineError(status === 404 ? 'not-found' : 'engine-refused', message);
  } catch (error) {
    throw toEngineError(error, control);
  } finally {
    agent.destroy();
  }
}

import * as z from 'zod/mini';
import type { EngineInfo } from '../swarm/engine-json';
import type { EngineAddress } from './address';
import { engineAgent } from './connection';
import { EngineError } from './errors';
import { plainRequest } from './plain-request';
import { toEngineError } from './to-engine-error';

/** The label in `/info` that identifies the embedded demo swarm. */
const CONTROL_LABEL = 'clusterhat.demo.control=';
/** On a Pi the demo needs some seconds to create 5,000 tasks (ms). */
const TIMEOUT_MS = 25_000;

type UnixAddress = EngineAddress & { kind: 'unix' };

/**
 * The demo's control socket, or null for a real engine or one on another machine. Its path follows from the
 * engine's own socket (demo/demo.ts), not from the label: an engine must not choose which of this machine's
 * sockets the dashboard calls.
 */
export function demoControl({ Labels }: EngineInfo, engine: EngineAddress): UnixAddress | null {
  if (engine.kind !== 'unix') return null;
  if (!Labels.some((label) => label.startsWith(CONTROL_LABEL))) return null;
  return { kind: 'unix', socketPath: engine.socketPath.replace(/(\.sock)?$/, '-control.sock') };
}

/**
 * Calls the demo's control endpoint: GET returns its state, a change is posted with a path and a body. The response
 * is not parsed here (`demoStateSchema`, lib/demo-control.ts). The endpoint has its own socket, so it responds while the
 * demo's engine is "stopped".
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
      signal: AbortSignal.timeout(TIMEOUT_MS),
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

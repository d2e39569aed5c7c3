import { infoSchema } from '../swarm/engine-json';
import { placeOf, type EngineAddress } from './address';
import { fromAnswer, unreadable } from './answer-errors';
import { engineAgent, hostHeader } from './connection';
import { plainRequest } from './plain-request';
import { swarmState, type SwarmState } from './swarm-state';
import { toEngineError } from './to-engine-error';

/** What listens at an address: a manager, an engine without a swarm, or an error. */
export type EngineProbe = SwarmState;

/**
 * Requests `/info` once at `address`; resolves within `timeoutMs` and never throws. Plain node:http, as the
 * release's command has no dockerode; agent and errors are those of `dockerEngine`, so the terminal and the page
 * agree. Closes its connection.
 */
export async function probeEngine(address: EngineAddress, timeoutMs: number): Promise<EngineProbe> {
  const agent = engineAgent(address);
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const headers = { Host: hostHeader(address) };
    const { status, body } = await plainRequest(agent, { path: '/info', headers, signal });
    return read(status, body, placeOf(address));
  } catch (error) {
    return {
      state: 'broken',
      error: toEngineError(signal.aborted ? signal.reason : error, address),
    };
  } finally {
    agent.destroy();
  }
}

function read(status: number, body: string, where: string): EngineProbe {
  const json = jsonOf(body);
  if (status !== 200) return { state: 'broken', error: fromAnswer(status, json, body, where) };
  const info = infoSchema.safeParse(json);
  if (info.success) return swarmState(info.data);
  return { state: 'broken', error: unreadable(json, infoSchema, info.error, where) };
}

/** Undefined for what is not JSON. */
function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

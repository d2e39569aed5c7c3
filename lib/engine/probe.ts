import { infoReading } from '../swarm/engine-json';
import { placeOf, type EngineAddress } from './address';
import { fromAnswer, unreadable } from './answer-errors';
import { engineAgent, hostHeader } from './connection';
import { plainRequest } from './plain-request';
import { swarmState, type SwarmState } from './swarm-state';
import { toEngineError } from './to-engine-error';

/** What listens at an address: a manager, an engine without a swarm, or an error. */
export type EngineProbe = SwarmState;

/** What only a manager returns, in place of an `/info` that a proxy refuses. */
const LISTS = ['/nodes', '/services', '/tasks'];

/**
 * Requests `/info` once at `address`, and what shows a manager if that is refused; resolves within `timeoutMs` and never throws. Plain node:http, as the
 * release's command has no dockerode; agent and errors are those of `dockerEngine`, so the terminal and the page
 * agree. Closes its connection.
 */
export async function probeEngine(address: EngineAddress, timeoutMs: number): Promise<EngineProbe> {
  const agent = engineAgent(address);
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const where = placeOf(address);
    const request = async (path: string) => {
      const headers = { Host: hostHeader(address) };
      const { status, body } = await plainRequest(agent, { path, headers, signal });
      return status === 200 ? { body } : { error: fromAnswer(status, jsonOf(body), body, where) };
    };
    const info = await request('/info');
    if (!('error' in info)) return read(info.body, where);
    if (!info.error.refused) return { state: 'broken', error: info.error };
    for (const path of LISTS) {
      const list = await request(path);
      if (!('error' in list)) return { state: 'manager', infoRefused: true };
      if (list.error.kind === 'no-swarm') return { state: 'no-swarm', error: list.error };
      if (!list.error.refused) return { state: 'broken', error: list.error };
    }
    return { state: 'broken', error: info.error };
  } catch (error) {
    return {
      state: 'broken',
      error: toEngineError(signal.aborted ? signal.reason : error, address),
    };
  } finally {
    agent.destroy();
  }
}

function read(body: string, where: string): EngineProbe {
  const json = jsonOf(body);
  const info = infoReading.safeParse(json);
  if (info.success) return swarmState(info.data.read);
  return { state: 'broken', error: unreadable(json, infoReading, info.error, where) };
}

/** Undefined for what is not JSON. */
function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

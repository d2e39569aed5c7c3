import { request, type IncomingMessage } from 'node:http';
import { errorSchema, infoSchema } from '../swarm/engine-json';
import { placeOf, type EngineAddress } from './address';
import { fromAnswer } from './answer-errors';
import { engineAgent, hostHeader } from './connection';
import { EngineError } from './errors';
import { swarmState, type SwarmState } from './swarm-state';
import { toEngineError } from './to-engine-error';

/** What answers at an address: a manager to show, an engine in no swarm, or something to be mended first. */
export type EngineProbe = SwarmState;

/** An engine's `/info` is a few kilobytes; whatever says more is none. */
const MAX_ANSWER = 1_000_000;

/**
 * Asks once what listens at `address`; answers within `withinMs` and never throws. Plain node:http,
 * as it goes into the release's command, which has no dockerode. Ends everything that it opened.
 */
export async function probeEngine(address: EngineAddress, withinMs: number): Promise<EngineProbe> {
  const agent = engineAgent(address);
  const signal = AbortSignal.timeout(withinMs);
  try {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const headers = { Host: hostHeader(address) };
      request({ path: '/info', agent, headers, signal }, resolve).on('error', reject).end();
    });
    const text = await textOf(answer);
    return read(answer, text, placeOf(address));
  } catch (error) {
    return {
      state: 'broken',
      error: toEngineError(signal.aborted ? signal.reason : error, address),
    };
  } finally {
    agent.destroy();
  }
}

async function textOf(answer: IncomingMessage): Promise<string> {
  let text = '';
  answer.setEncoding('utf8');
  for await (const chunk of answer) {
    text += chunk as string;
    if (text.length > MAX_ANSWER) break;
  }
  return text;
}

function read(answer: IncomingMessage, text: string, where: string): EngineProbe {
  const json = jsonOf(text);
  const status = answer.statusCode ?? 0;
  if (status !== 200) {
    const known = fromAnswer(status, json, text);
    // Not an engine's JSON, and no words that an engine would say: a web server, say.
    const engine = errorSchema.safeParse(json).success || known.kind === 'tls';
    return { state: 'broken', error: engine ? known : noEngine(where, `status ${status}`) };
  }
  const libpod = answer.headers['libpod-api-version'] ?? answer.headers.server?.includes('Libpod');
  if (libpod) return { state: 'broken', error: noEngine(where, 'Podman, which has no swarms') };
  const info = infoSchema.safeParse(json);
  if (info.success) return swarmState(info.data);
  const what = json === undefined ? 'something else than JSON' : 'JSON of another kind';
  return { state: 'broken', error: noEngine(where, what) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function noEngine(where: string, what: string): EngineError {
  return new EngineError(
    'not-an-engine',
    `What answers at ${where} is no Docker engine (it gave ${what}).`,
    'Point DOCKER_HOST at the Docker engine of the controller.',
  );
}

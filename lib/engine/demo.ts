import { request } from 'node:http';
import * as z from 'zod/mini';
import type { EngineInfo } from '../swarm/engine-json';
import { EngineError } from './errors';
import { toEngineError } from './to-engine-error';

/** Labels in `/info` by which the embedded demo swarm says what it is and where it takes faults. */
const CONTROL_LABEL = 'clusterhat.demo.control=';
const DEADLINE_MS = 5000;

/** Where the demo takes faults, or null: the engine is a real one. */
export function demoControl(info: EngineInfo): string | null {
  const label = info.Labels.find((one) => one.startsWith(CONTROL_LABEL));
  return label?.slice(CONTROL_LABEL.length) ?? null;
}

/**
 * One call of the demo's control endpoint: its state with GET, one change with a path and a body.
 * Its answer is not parsed here (`demoStateSchema`, lib/api.ts).
 * It has a socket of its own, so it answers while the demo's engine is "stopped".
 */
export function askDemo(
  control: string,
  change?: { path: string; body: unknown },
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) =>
      reject(toEngineError(error, { kind: 'unix', socketPath: control }));
    const asked = request(
      {
        socketPath: control,
        path: change?.path ?? '/',
        method: change ? 'POST' : 'GET',
        signal: AbortSignal.timeout(DEADLINE_MS),
      },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        answer.on('error', fail);
        answer.on('end', () => {
          try {
            const json: unknown = JSON.parse(text);
            if (answer.statusCode === 200) return resolve(json);
            const { message } = z.object({ message: z.string() }).parse(json);
            reject(
              new EngineError(answer.statusCode === 404 ? 'not-found' : 'engine-refused', message),
            );
          } catch (error) {
            fail(error);
          }
        });
      },
    );
    asked.on('error', fail);
    asked.end(change ? JSON.stringify(change.body) : undefined);
  });
}

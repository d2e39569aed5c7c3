import { request, type RequestOptions } from 'node:http';
import type { WatchedAgent } from './agent';
import { brokenOff } from './foreign-answers';

/** A whole answer, whatever its status. */
export interface PlainAnswer {
  status: number;
  body: string;
}

/**
 * One request over `agent` with node:http alone, for what runs without dockerode. Rejects with what
 * the connection, the agent or the signal in `options` gives.
 */
export function plainRequest(
  agent: WatchedAgent,
  options: RequestOptions,
  body?: string,
): Promise<PlainAnswer> {
  return agent.run(
    () =>
      new Promise((resolve, reject) => {
        const asked = request({ ...options, agent }, (answer) => {
          const status = answer.statusCode ?? 0;
          let whole = '';
          answer.setEncoding('utf8').on('data', (chunk: string) => (whole += chunk));
          answer.on('end', () => resolve({ status, body: whole }));
          answer.on('error', () => reject(brokenOff()));
        });
        asked.on('error', reject);
        asked.end(body);
      }),
  );
}

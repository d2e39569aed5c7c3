import { request, type RequestOptions } from 'node:http';
import type { WatchedAgent } from './agent';
import { brokenOff } from './foreign-answers';

/** A complete response of any status. */
export interface PlainAnswer {
  status: number;
  body: string;
}

/**
 * Sends one request over `agent` with node:http, for code that runs without dockerode. Rejects with the error of
 * the connection, the agent or the signal in `options`.
 */
export function plainRequest(
  agent: WatchedAgent,
  options: RequestOptions,
  body?: string,
): Promise<PlainAnswer> {
  return agent.run(
    () =>
      new Promise((resolve, reject) => {
        const outgoing = request({ ...options, agent }, (answer) => {
          const status = answer.statusCode ?? 0;
          let text = '';
          answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
          answer.on('end', () => resolve({ status, body: text }));
          answer.on('error', () => reject(brokenOff()));
        });
        outgoing.on('error', reject);
        outgoing.end(body);
      }),
  );
}

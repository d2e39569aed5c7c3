import { request } from 'node:http';
import { z } from 'zod';
import { LabFailure } from './failure';

/** An engine's response. */
export interface SocketAnswer {
  status: number;
  body: string;
}

/** One call of the Engine's HTTP API on a unix socket; `body` is sent as JSON. */
export function call(
  socketPath: string,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: unknown,
  timeoutMs = 20_000,
): Promise<SocketAnswer> {
  return new Promise((resolve, reject) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers = text === undefined ? {} : { 'Content-Type': 'application/json' };
    const sent = request({ socketPath, method, path, headers, timeout: timeoutMs }, (answer) => {
      let received = '';
      answer.setEncoding('utf8').on('data', (part: string) => (received += part));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: received }));
      answer.on('error', reject);
    });
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    sent.on('error', reject);
    sent.end(text);
  });
}

/** Whether an engine responds on its socket. */
export async function ping(socketPath: string): Promise<boolean> {
  try {
    return (await call(socketPath, 'GET', '/_ping', undefined, 1_000)).status === 200;
  } catch {
    return false;
  }
}

const Problem = z.object({ message: z.string() });

/** Calls the engine and parses the response; throws with the engine's message unless it succeeds. */
export async function ask<T>(
  socketPath: string,
  schema: z.ZodType<T>,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: unknown,
  timeoutMs?: number,
): Promise<T> {
  const answer = await call(socketPath, method, path, body, timeoutMs);
  const json: unknown = answer.body === '' ? null : parse(answer.body);
  if (answer.status >= 400) {
    const problem = Problem.safeParse(json);
    const words = problem.success ? problem.data.message : answer.body;
    throw new LabFailure(`${method} ${path}: ${answer.status} ${words}`);
  }
  return schema.parse(json);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

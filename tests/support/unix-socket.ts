import { type Agent, type IncomingHttpHeaders, request } from 'node:http';

export interface SocketResponse {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/**
 * Sends one HTTP request over a unix socket; a `body` that is not a string is sent as JSON, and `type` is
 * its Content-Type.
 */
export function requestOverSocket(
  socketPath: string,
  method: string,
  path: string,
  body?: unknown,
  {
    agent = false,
    timeoutMs = 25_000,
    type = 'application/json',
    headers: more = {},
  }: {
    agent?: Agent | false;
    timeoutMs?: number;
    type?: string;
    headers?: Record<string, string>;
  } = {},
): Promise<SocketResponse> {
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const headers = text === undefined ? more : { 'Content-Type': type, ...more };
  return new Promise((resolve, reject) => {
    const sent = request(
      { socketPath, method, path, headers, agent, timeout: timeoutMs },
      (response) => {
        let received = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (received += chunk));
        const { statusCode: status = 0, headers: answered } = response;
        response.on('end', () => resolve({ status, headers: answered, body: received }));
        response.on('error', reject);
      },
    );
    sent.on('timeout', () =>
      sent.destroy(new Error(`${method} ${path}: no response in ${timeoutMs} ms`)),
    );
    sent.on('error', reject);
    sent.end(text);
  });
}

/** The JSON of a 2xx response (`null` for an empty body). Throws with the body of any other. */
export async function jsonOverSocket(
  socketPath: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<unknown> {
  const response = await requestOverSocket(socketPath, method, path, body, { headers });
  if (response.status >= 300) {
    throw new Error(`${method} ${path}: ${response.status} ${response.body}`);
  }
  return response.body === '' ? null : JSON.parse(response.body);
}

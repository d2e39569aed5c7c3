import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One answer of the engine. */
export interface EngineAnswer {
  method: string;
  /** Without version and query. */
  path: string;
  status: number;
  /** The parsed body; undefined if it is not JSON, or endless (`/events`). */
  json: unknown;
}

/** What is sent instead. A `body` that is not a string is sent as JSON. */
export interface OddAnswer {
  status?: number;
  type?: string;
  body: unknown;
}

/** Something odd about an engine: returns what it sends instead of `answer`; undefined leaves that as it is. */
export type Oddity = (answer: EngineAnswer) => OddAnswer | undefined;

/** What is answered to a request in place of the engine; undefined passes it on. */
export type Refusal = (request: Pick<EngineAnswer, 'method' | 'path'>) => OddAnswer | undefined;

/** An engine with something odd about it: a proxy that edits the answers of another one. */
export interface OddEngine {
  socketPath: string;
  dockerHost: string;
  /** Replaces what is odd; null: nothing from now on. */
  become(oddity: Oddity | null): void;
  /** Answers these requests itself, which then do not reach the engine; null: none from now on. */
  refuse(rule: Refusal | null): void;
  close(): Promise<void>;
}

/** Listens on a unix socket in front of the engine at `target`. */
export async function oddEngine(target: string, oddity: Oddity | null): Promise<OddEngine> {
  let edit = oddity;
  let refusal: Refusal | null = null;
  const folder = mkdtempSync(join(tmpdir(), 'clusterhat-odd-'));
  const socketPath = join(folder, 'docker.sock');
  if (existsSync(controlOf(target))) symlinkSync(controlOf(target), controlOf(socketPath));
  // Longer than any test: an engine closes no idle connection.
  const server = createServer({ keepAliveTimeout: 600_000 }, (received, response) => {
    const { method = 'GET', url = '', headers } = received;
    const path = (url.split('?')[0] ?? '').replace(/^\/v\d+\.\d+(?=\/)/, '');
    const refused = refusal?.({ method, path });
    if (refused) {
      received.resume();
      send(response, refused, 403, {});
      return;
    }
    const sent = request({ socketPath: target, method, path: url, headers }, (answer) => {
      const whole = path !== '/events' && /json/.test(answer.headers['content-type'] ?? '');
      const { statusCode: status = 0 } = answer;
      if (whole) void editWhole({ method, path, status }, answer, response, edit);
      else editHead({ method, path, status }, answer, response, edit);
    });
    sent.on('error', () => response.destroy());
    response.on('close', () => sent.destroy());
    received.pipe(sent);
  });
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(socketPath, done);
  });
  return {
    socketPath,
    dockerHost: `unix://${socketPath}`,
    become(next) {
      edit = next;
    },
    refuse(next) {
      refusal = next;
    },
    async close() {
      const closed = new Promise((done) => server.close(done));
      server.closeAllConnections();
      await closed;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The demo's control socket, which is beside its engine's. */
function controlOf(socketPath: string): string {
  return socketPath.replace(/(\.sock)?$/, '-control.sock');
}

/** Sends an edited answer once all of it is received. */
async function editWhole(
  call: Omit<EngineAnswer, 'json'>,
  answer: IncomingMessage,
  response: ServerResponse,
  edit: Oddity | null,
): Promise<void> {
  try {
    let text = '';
    for await (const chunk of answer.setEncoding('utf8')) text += chunk as string;
    const {
      'content-length': _length,
      'transfer-encoding': _encoding,
      ...headers
    } = answer.headers;
    const odd = edit?.({ ...call, json: jsonOf(text) });
    if (odd) send(response, odd, call.status, headers);
    else response.writeHead(call.status, headers).end(text);
  } catch {
    response.destroy();
  }
}

/** Passes a stream on as it comes, or sends something else in its place. */
function editHead(
  call: Omit<EngineAnswer, 'json'>,
  answer: IncomingMessage,
  response: ServerResponse,
  edit: Oddity | null,
): void {
  const odd = edit?.({ ...call, json: undefined });
  if (odd) {
    answer.destroy();
    send(response, odd, call.status, {});
    return;
  }
  response.writeHead(call.status, answer.headers);
  // The head of a stream without events yet.
  response.flushHeaders();
  answer.on('error', () => response.destroy());
  answer.pipe(response);
}

function send(
  response: ServerResponse,
  { status, type = 'application/json', body }: OddAnswer,
  before: number,
  headers: IncomingMessage['headers'],
): void {
  response.writeHead(status ?? before, { ...headers, 'content-type': type });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

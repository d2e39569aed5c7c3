import { get, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { createParser } from 'eventsource-parser';

/** A tab's stream as a raw client reads it. */
export interface OpenStream {
  status: number;
  headers: IncomingMessage['headers'];
  /** Names and times (performance.now, ms) of the events so far. */
  events: string[];
  times: number[];
  /** All of its text so far. */
  text(): string;
  ended(): boolean;
  close(): void;
}

/** Opens the live stream (or its refusal) and reads it continuously. */
export async function openStream(
  port: number,
  { from = '127.0.0.1', headers = {} }: { from?: string; headers?: Record<string, string> } = {},
): Promise<OpenStream> {
  const request = get({
    host: '127.0.0.1',
    port,
    path: '/api/live',
    localAddress: from,
    agent: false,
    headers,
  });
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  request.on('error', () => {});
  answer.on('error', () => {});
  const events: string[] = [];
  const times: number[] = [];
  let text = '';
  const parser = createParser({
    onEvent: ({ event = '' }) => {
      events.push(event);
      times.push(performance.now());
    },
  });
  answer.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    parser.feed(chunk);
  });
  return {
    status: answer.statusCode ?? 0,
    headers: answer.headers,
    events,
    times,
    text: () => text,
    ended: () => answer.closed,
    close: () => request.destroy(),
  };
}

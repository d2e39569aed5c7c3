import { createServer, STATUS_CODES, type RequestListener, type Server } from 'node:http';
import { BlockList, type Socket } from 'node:net';
import { recordRefused } from '@/lib/observe/refused';
import { limitConnections } from './connections';
import { hangUp } from './hang-up';
import { ALL } from '../address/target';
import { clientAddress } from '../limits/client';
import { isAnswering, isReceiving } from './turns';
import { problemText, type TurnedAway } from '../answers/turn-away';

/** The time that a request's headers may take, and all of it (ms). */
const HEADERS_MS = 10_000;
const REQUEST_MS = 15_000;
/** How often Node checks for requests that take longer (ms). */
const CHECK_MS = 2000;
/** Headers of one request (bytes), cookies of every other service on the same host included. */
const MAX_HEADERS = 16_384;

/** An HTTP server with bounds on connections, time and size; `listener` is called for each request. */
export function createHttpServer(listener: RequestListener): Server {
  const server = createServer({
    maxHeaderSize: MAX_HEADERS,
    headersTimeout: HEADERS_MS,
    requestTimeout: REQUEST_MS,
    connectionsCheckingInterval: CHECK_MS,
  });
  server.on('connection', (socket: Socket) => {
    // What Node calls after an answer with `Connection: close`.
    const destroySoon = socket.destroySoon.bind(socket);
    socket.destroySoon = () => (isReceiving(socket) ? hangUp(socket) : destroySoon());
  });
  limitConnections(server);
  server.on('request', (request, response) => {
    // Next and the gate add a dozen listeners for a stream's end, which Node would report as a leak.
    response.setMaxListeners(30);
    // Ignored: a client may disconnect at any time.
    request.on('error', () => {});
    response.on('error', () => {});
    listener(request, response);
  });
  // Whether its body is read is decided later (limits.ts).
  server.on('checkContinue', (request, response) => server.emit('request', request, response));
  server.on('clientError', answerClientError);
  server.on('dropRequest', (_, socket: Socket) => socket.destroy());
  return server;
}

type ClientError = NodeJS.ErrnoException & { rawPacket?: Buffer };

/** Without headers a client behind a proxy is unknown. */
const NO_PROXIES = new BlockList();

/** Answers a request that Node could not parse, unless an answer is under way, and ends the connection. */
function answerClientError(error: ClientError, socket: Socket): void {
  if (!socket.writable || isAnswering(socket) || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const why = clientError(error);
  const { kind, status } = why;
  // Neither method nor path was parsed.
  const client = clientAddress(socket.remoteAddress, undefined, NO_PROXIES);
  recordRefused({ kind, method: '', path: '', client, status });
  const text = problemText(why);
  const head = {
    'Content-Type': 'application/problem+json',
    'Content-Length': Buffer.byteLength(text),
    Connection: 'close',
    ...why.headers,
  };
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(
    `HTTP/1.1 ${why.status} ${STATUS_CODES[why.status]}\r\n${lines.join('')}\r\n${text}`,
  );
  hangUp(socket);
}

function clientError({ code, rawPacket }: ClientError): TurnedAway {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return {
        status: 431,
        kind: 'too-large',
        detail: `The request's headers are longer than ${MAX_HEADERS} bytes.`,
        next: "Cookies of other services on this host count too: delete this host's cookies.",
      };
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return { status: 408, kind: 'bad-request', detail: 'The request took too long to arrive.' };
    case 'HPE_INVALID_METHOD':
      if (!/^[\w-]+ \S+ HTTP\/1/.test(String(rawPacket ?? ''))) break;
      return {
        status: 405,
        kind: 'method-not-allowed',
        detail: 'The dashboard does not support this method.',
        headers: { Allow: ALL.join(', ') },
      };
  }
  return { status: 400, kind: 'bad-request', detail: 'The request is not HTTP.' };
}

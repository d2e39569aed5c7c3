import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { appFiles } from './routes';

const APP = join(import.meta.dirname, '..', '..', 'app');

type RouteModule = Record<
  string,
  (request: Request, context: { params: Promise<Record<string, string>> }) => Promise<Response>
>;

interface AppRoute {
  pattern: RegExp;
  module: RouteModule;
}

/** Every route of `app/`, without pages. */
async function appRoutes(): Promise<AppRoute[]> {
  const files = appFiles(/(^|\/)route\.ts$/);
  return Promise.all(
    files.map(async (file) => {
      const path = `/${file.replace(/\/?route\.ts$/, '')}`;
      const pattern = path.replaceAll('.', String.raw`\.`).replaceAll(/\[(\w+)\]/g, '(?<$1>[^/]+)');
      return {
        pattern: new RegExp(`^${pattern}$`),
        module: (await import(join(APP, file))) as RouteModule,
      };
    }),
  );
}

/**
 * The dashboard's server with its gate and all routes, without Next: what a route throws is a 500, as with Next.
 * `defects` has what was thrown. The environment has to be set before.
 */
export async function startRouteServer(): Promise<{
  url: string;
  defects: unknown[];
  close: () => Promise<void>;
}> {
  const { createGate } = await import('@/server/gate');
  const { getSettings } = await import('@/lib/settings');
  const routes = await appRoutes();
  const defects: unknown[] = [];
  const server: Server = createGate(
    async (request, response) => {
      try {
        await answer(routes, request, response);
      } catch (error) {
        defects.push(error);
        if (!response.headersSent) response.writeHead(500);
        response.end();
      }
    },
    getSettings(),
    '127.0.0.1',
  );
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    url: `http://127.0.0.1:${port}`,
    defects,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  routes: readonly AppRoute[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = 'GET', headers, url = '/' } = request;
  const { pathname } = new URL(url, 'http://127.0.0.1');
  const found = routes.find(({ pattern }) => pattern.test(pathname));
  // As Next does.
  const handler = found?.module[method] ?? (method === 'HEAD' ? found?.module['GET'] : undefined);
  if (!found || !handler) {
    response.writeHead(404).end();
    return;
  }
  const left = new AbortController();
  response.once('close', () => left.abort());
  const sent = new Request(`http://${headers.host}${url}`, {
    method,
    headers: Object.entries(headers).flatMap(([name, value]) =>
      [value ?? []].flat().map((one): [string, string] => [name, one]),
    ),
    signal: left.signal,
    ...(method === 'GET' || method === 'HEAD'
      ? {}
      : { body: Readable.toWeb(request) as ReadableStream, duplex: 'half' as const }),
  });
  const groups = Object.entries(found.pattern.exec(pathname)?.groups ?? {});
  const params = Object.fromEntries(
    groups.map(([name, value]) => [name, decodeURIComponent(value)]),
  );
  const result = await handler(sent, { params: Promise.resolve(params) });
  response.writeHead(result.status, [...result.headers].flat());
  if (!result.body) {
    response.end();
    return;
  }
  for await (const chunk of result.body) {
    if (response.closed) return;
    response.write(chunk);
  }
  response.end();
}

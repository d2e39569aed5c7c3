import { join } from 'node:path';
import { appFiles } from './routes';

const APP = join(import.meta.dirname, '..', '..', 'app');
const ORIGIN = 'http://127.0.0.1:3000';

type Handler = (
  request: Request,
  context: { params: Promise<Record<string, string>> },
) => Response | Promise<Response>;

/** An answer of a route, its body parsed. */
export interface AppAnswer {
  status: number;
  headers: Headers;
  body: unknown;
}

/** Calls a route's handler as Next does, without the server in front. */
export type CallApp = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<AppAnswer>;

/**
 * The routes of `app/api` with the environment of this moment: modules must not have been loaded before, see
 * `vi.resetModules`.
 */
export async function loadApp(): Promise<CallApp> {
  const routes = await Promise.all(
    appFiles(/^api\/.*route\.ts$/).map(async (file) => {
      const path = `/${file.replace(/\/route\.ts$/, '')}`;
      const names = [...path.matchAll(/\[(\w+)\]/g)].map(([, name = '']) => name);
      const pattern = new RegExp(`^${path.replaceAll(/\[\w+\]/g, '([^/]+)')}$`);
      const handlers = (await import(join(APP, file))) as Record<string, Handler>;
      return { pattern, names, handlers };
    }),
  );
  return async (method, path, body, headers = {}) => {
    const url = new URL(path, ORIGIN);
    for (const { pattern, names, handlers } of routes) {
      const match = pattern.exec(url.pathname);
      const handler = handlers[method];
      if (!match || !handler) continue;
      const params = Object.fromEntries(
        names.map((name, at) => [name, decodeURIComponent(match[at + 1] ?? '')]),
      );
      const request = new Request(url, {
        method,
        headers: {
          host: '127.0.0.1:3000',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const response = await handler(request, { params: Promise.resolve(params) });
      const text = await response.text();
      const parsed: unknown = text === '' ? null : JSON.parse(text);
      return { status: response.status, headers: response.headers, body: parsed };
    }
    throw new Error(`no route for ${method} ${path}`);
  };
}

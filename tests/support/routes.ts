import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { ReactElement } from 'react';
import { prerenderToNodeStream } from 'react-dom/static';
import { vi } from 'vitest';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
const APP = join(import.meta.dirname, '..', '..', 'app');
const ORIGIN = 'http://127.0.0.1:3000';

type Handler = (
  request: Request,
  context: { params: Promise<Record<string, string>> },
) => Response | Promise<Response>;

/** One method of one route of the app. */
export interface RouteCall {
  /** `POST /api/services/[name]/scale` */
  name: string;
  /** Calls its handler as Next does, with `x` for each dynamic segment. */
  call: (headers?: Record<string, string>, body?: unknown) => Promise<Response>;
}

/** The files under `app/` whose names pass `wanted`, relative to it. */
export function appFiles(wanted: RegExp): string[] {
  return readdirSync(APP, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => wanted.test(file))
    .toSorted();
}

/** Every method of every route in the folder `app/`, so that new routes are included. */
export async function everyRoute(): Promise<RouteCall[]> {
  const calls: RouteCall[] = [];
  for (const file of appFiles(/(^|\/)route\.tsx?$/)) {
    const path = `/${file.replace(/\/?route\.tsx?$/, '')}`;
    // oxlint-disable-next-line no-await-in-loop -- modules are evaluated one after the other anyway
    const route = (await import(join(APP, file))) as Record<string, Handler>;
    for (const method of METHODS) {
      const handler = route[method];
      if (!handler) continue;
      const names = [...path.matchAll(/\[(\w+)\]/g)].map(([, name = '']) => [name, 'x'] as const);
      calls.push({
        name: `${method} ${path}`,
        async call(headers = {}, body) {
          const request = new Request(`${ORIGIN}${path.replaceAll(/\[\w+\]/g, 'x')}`, {
            method,
            headers: { host: '127.0.0.1:3000', ...headers },
            ...(body === undefined || /^(GET|HEAD)$/.test(method)
              ? {}
              : { body: JSON.stringify(body) }),
          });
          return handler(request, { params: Promise.resolve(Object.fromEntries(names)) });
        },
      });
    }
  }
  return calls;
}

/** The HTML of a page (the dashboard by default) for a request with these headers. */
export async function pageHtml(
  headers: Record<string, string> = {},
  file = 'page.tsx',
): Promise<string> {
  vi.doMock('next/headers', () => ({
    headers: () => Promise.resolve(new Headers({ host: '127.0.0.1:3000', ...headers })),
  }));
  const { default: Page } = (await import(join(APP, file))) as {
    default: (props: { searchParams: Promise<object> }) => Promise<ReactElement>;
  };
  const { prelude } = await prerenderToNodeStream(
    await Page({ searchParams: Promise.resolve({}) }),
  );
  return text(prelude);
}

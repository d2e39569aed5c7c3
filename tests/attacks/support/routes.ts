import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SECRETS } from './sign-in';

/**
 * The right that a call needs: none, to read, to start runs, or to change the swarm. `logs`: reading, also of a whole service, that only those who may
 * change the swarm may do. `session`: signing in and out.
 */
export type Need = 'nothing' | 'read' | 'run' | 'logs' | 'change' | 'session';

/** One method of a route. */
export interface RoutePermission {
  need: Need;
  /** Has no effect, even with sufficient rights. */
  body?: unknown;
  /** The status with sufficient rights. */
  status: number;
}

/** An address of the dashboard. */
export interface RouteUnderAttack {
  /** An example path. */
  path: string;
  methods: Partial<Record<Method, RoutePermission>>;
}

/** Methods that are tried on every route; HEAD goes with GET. */
export const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export type Method = (typeof METHODS)[number];

const read = (status = 200): RouteUnderAttack['methods'] => ({ GET: { need: 'read', status } });
const open = (): RouteUnderAttack['methods'] => ({ GET: { need: 'nothing', status: 200 } });
const UNKNOWN_RUN = '/api/runs/00000000-0000-4000-8000-000000000000';

/** Every route by its folder in app/; a new one must be added here. */
export const ROUTES: Record<string, RouteUnderAttack> = {
  '.': { path: '/', methods: open() },
  help: { path: '/help', methods: open() },
  healthz: { path: '/healthz', methods: open() },
  readyz: { path: '/readyz', methods: open() },
  metrics: { path: '/metrics', methods: read() },
  'api/live': { path: '/api/live', methods: read() },
  'api/openapi.json': { path: '/api/openapi.json', methods: read() },
  'api/swarm': { path: '/api/swarm', methods: read() },
  'api/timeline': { path: '/api/timeline', methods: read() },
  'api/tasks/[id]': { path: '/api/tasks/nowhere', methods: read(404) },
  'api/tasks/[id]/inspect': {
    path: '/api/tasks/nowhere/inspect',
    methods: { GET: { need: 'logs', status: 404 } },
  },
  'api/nodes/[id]/inspect': {
    path: '/api/nodes/nowhere/inspect',
    methods: { GET: { need: 'logs', status: 404 } },
  },
  'api/tasks/[id]/logs': {
    path: '/api/tasks/nowhere/logs',
    methods: { GET: { need: 'logs', status: 404 } },
  },
  'api/services/[name]/logs': {
    path: '/api/services/nowhere/logs',
    methods: { GET: { need: 'logs', status: 404 } },
  },
  'api/nodes/[id]': {
    path: '/api/nodes/nowhere',
    methods: {
      ...read(404),
      PATCH: { need: 'change', body: { availability: 'drain' }, status: 404 },
      DELETE: { need: 'change', status: 404 },
    },
  },
  'api/runs': {
    path: '/api/runs',
    methods: {
      ...read(),
      POST: { need: 'run', body: { service: 'nowhere', publishedPort: 80 }, status: 404 },
    },
  },
  'api/runs/[id]': {
    path: UNKNOWN_RUN,
    methods: { ...read(404), DELETE: { need: 'run', status: 404 } },
  },
  'api/runs/[id]/answers': { path: `${UNKNOWN_RUN}/answers`, methods: read(404) },
  'api/runs/[id]/comparison': { path: `${UNKNOWN_RUN}/comparison?with=x`, methods: read(404) },
  'api/runs/[id]/drill': {
    path: `${UNKNOWN_RUN}/drill`,
    methods: {
      POST: { need: 'change', body: { kind: 'drain', node: 'nowhere' }, status: 404 },
      DELETE: { need: 'change', status: 404 },
    },
  },
  'api/services': {
    path: '/api/services?dry-run',
    methods: {
      POST: { need: 'change', body: { name: 'nowhere', image: 'nowhere' }, status: 200 },
    },
  },
  'api/services/[name]': {
    path: '/api/services/nowhere',
    methods: {
      GET: { need: 'logs', status: 404 },
      PATCH: { need: 'change', body: { labels: { a: 'b' } }, status: 404 },
      DELETE: { need: 'change', status: 404 },
    },
  },
  'api/services/[name]/restart': {
    path: '/api/services/nowhere/restart',
    methods: { POST: { need: 'change', status: 404 } },
  },
  'api/services/[name]/rollback': {
    path: '/api/services/nowhere/rollback',
    methods: { POST: { need: 'change', status: 404 } },
  },
  'api/image-lookup': {
    path: '/api/image-lookup',
    methods: { POST: { need: 'change', body: { image: 'nowhere' }, status: 200 } },
  },
  'api/services/[name]/scale': {
    path: '/api/services/nowhere/scale',
    methods: { POST: { need: 'change', body: { replicas: 1 }, status: 404 } },
  },
  'api/join-command': {
    path: '/api/join-command',
    methods: { POST: { need: 'change', status: 200 } },
  },
  'api/demo': {
    path: '/api/demo',
    methods: {
      ...read(),
      POST: { need: 'change', body: { path: '/reset', body: {} }, status: 200 },
    },
  },
  'api/session': {
    path: '/api/session',
    methods: {
      ...read(),
      POST: { need: 'session', body: { password: SECRETS.DASHBOARD_PASSWORD }, status: 200 },
      DELETE: { need: 'session', status: 204 },
    },
  },
};

/** A method of a route. */
export interface Case extends RoutePermission {
  route: string;
  path: string;
  method: Method;
}

/** Every method of every route. */
export function calls(): Case[] {
  return Object.entries(ROUTES).flatMap(([route, { path, methods }]) =>
    METHODS.flatMap((method) => {
      const call = methods[method];
      return call ? [{ route, path, method, ...call }] : [];
    }),
  );
}

/** The changing ones. */
export const changes = (): Case[] => calls().filter(({ method }) => method !== 'GET');

/** The folders of app/ with a page or route, and their methods. */
export function routesOfApp(): Record<string, Method[]> {
  const found: Record<string, Method[]> = {};
  for (const entry of readdirSync('app', { recursive: true, withFileTypes: true })) {
    const folder = entry.parentPath === 'app' ? '.' : entry.parentPath.slice('app/'.length);
    if (/^page\.tsx?$/.test(entry.name)) found[folder] = ['GET'];
    if (!/^route\.tsx?$/.test(entry.name)) continue;
    const source = readFileSync(join(entry.parentPath, entry.name), 'utf8');
    found[folder] = METHODS.filter((method) =>
      new RegExp(`^export (async )?(function|const) ${method}\\b`, 'm').test(source),
    );
  }
  return found;
}

import { isDryRun, MAX_BODY, MAX_FORM_BODY } from '@/lib/api';

/**
 * Kinds of requests, each with its own limits (limits.ts). A lookup changes nothing, but a registry that it waits for
 * can take seconds.
 */
export type Kind = 'page' | 'read' | 'change' | 'lookup' | 'stream' | 'file' | 'health';

interface Route {
  path: RegExp;
  kind: Kind;
  methods: readonly string[];
  /** The methods whose body is a form. */
  forms: readonly string[];
}

const READ = ['GET', 'HEAD'];

/** One segment of a path that stands for a name or an id. */
const NAME = '[^/]+';

/** The routes of `app/`, the files of `public/` and the build's files, with their methods. */
const ROUTES: readonly Route[] = [
  route('/', 'page', READ),
  route('/help', 'page', READ),
  route('/healthz', 'health', READ),
  route('/readyz', 'read', READ),
  route('/metrics', 'read', READ),
  route('/icon.svg', 'file', READ),
  route('/icon-192.png', 'file', READ),
  route('/icon-512.png', 'file', READ),
  route('/icon-maskable.png', 'file', READ),
  route('/apple-touch-icon.png', 'file', READ),
  route('/manifest.webmanifest', 'file', READ),
  route('/_next/static/.+', 'file', READ),
  route('/api/live', 'stream', READ),
  route('/api/openapi.json', 'read', READ),
  route('/api/swarm', 'read', READ),
  route('/api/timeline', 'read', READ),
  route(`/api/tasks/${NAME}`, 'read', READ),
  route(`/api/tasks/${NAME}/inspect`, 'read', READ),
  route(`/api/tasks/${NAME}/logs`, 'stream', READ),
  route(`/api/services/${NAME}/logs`, 'stream', READ),
  route(`/api/nodes/${NAME}`, 'read', [...READ, 'PATCH', 'DELETE'], ['PATCH']),
  route(`/api/nodes/${NAME}/inspect`, 'read', READ),
  route('/api/demo', 'read', [...READ, 'POST']),
  route('/api/session', 'read', [...READ, 'POST', 'DELETE']),
  route('/api/join-command', 'read', ['POST']),
  route('/api/runs', 'read', [...READ, 'POST']),
  route(`/api/runs/${NAME}`, 'read', [...READ, 'DELETE']),
  route(`/api/runs/${NAME}/answers`, 'read', READ),
  route(`/api/runs/${NAME}/comparison`, 'read', READ),
  route(`/api/runs/${NAME}/drill`, 'read', ['POST', 'DELETE']),
  route('/api/services', 'read', ['POST'], ['POST']),
  route(`/api/services/${NAME}`, 'read', [...READ, 'PATCH', 'DELETE'], ['PATCH']),
  route(`/api/services/${NAME}/scale`, 'read', ['POST']),
  route(`/api/services/${NAME}/restart`, 'read', ['POST']),
  route(`/api/services/${NAME}/rollback`, 'read', ['POST']),
  route('/api/image-lookup', 'lookup', ['POST']),
];

function route(
  path: string,
  kind: Kind,
  methods: readonly string[],
  forms: readonly string[] = [],
): Route {
  // The dot of a file's name, not those of `.+`.
  const pattern = path.replaceAll(/\.(?=\w)/g, String.raw`\.`);
  return { path: new RegExp(`^${pattern}$`), kind, methods, forms };
}

/** What a path matches. */
export interface Found {
  /** The kind of this request: every method but GET and HEAD is a change, unless it is a lookup or a dry run. */
  kind: Kind;
  /** The path's methods, for `Allow`. */
  methods: readonly string[];
  /** The longest body of this request (bytes). */
  maxBody: number;
}

/** Finds the route of a path, with its query apart; null: there is none. */
export function findRoute(path: string, method: string, query = ''): Found | null {
  if (!isDecodable(path)) return null;
  const found = ROUTES.find((one) => one.path.test(path));
  if (!found) return null;
  const { kind, methods, forms } = found;
  const maxBody = forms.includes(method) ? MAX_FORM_BODY : MAX_BODY;
  if (READ.includes(method) || kind === 'lookup') return { kind, methods, maxBody };
  return { kind: isDryRun(new URLSearchParams(query)) ? 'lookup' : 'change', methods, maxBody };
}

/**
 * Whether a path's percent encoding is valid, without NUL and backslash, and without `.` and `..`, which Next
 * would resolve.
 */
function isDecodable(path: string): boolean {
  try {
    return !/[\0\\]|\/\.\.?(\/|$)/.test(decodeURIComponent(path));
  } catch {
    return false;
  }
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod/mini';
import { DemoEngineError } from '../errors';
import { atLeast, type Release } from '../release';
import { goKind } from '../spec/go-kind';

/** One request to the Engine API, without the version prefix of its path. */
export interface ApiRequest {
  method: string;
  /** Decoded path segments that the route's pattern captured. */
  params: readonly string[];
  query: URLSearchParams;
  body: string;
  /** The API version of the request: the path's, or the engine's own. */
  api: string;
  request: IncomingMessage;
}

/** A response: JSON text, plain text, or a stream that writes to the response itself. */
export type ApiReply =
  | { status: number; json?: string; text?: string; headers?: Record<string, string> }
  | { stream: (response: ServerResponse) => void };

/** A route: method, pattern of the path without version, and handler. */
export interface ApiRoute {
  method: string;
  pattern: RegExp;
  /** Whether only a swarm manager can serve it. */
  swarm: boolean;
  run: (call: ApiRequest) => ApiReply;
}

/** Builds a route from a path such as `/services/:id/update`. `:id` may hold slashes in `/:name*`. */
export function route(
  method: string,
  path: string,
  swarm: boolean,
  run: (call: ApiRequest) => ApiReply,
): ApiRoute {
  const source = path.replace(/:\w+\*/g, '(.+)').replace(/:\w+/g, '([^/]+)');
  return { method, pattern: new RegExp(`^${source}$`), swarm, run };
}

export const json = (value: unknown, status = 200): ApiReply => ({
  status,
  json: JSON.stringify(value),
});
export const rawJson = (text: string): ApiReply => ({ status: 200, json: text });
export const empty = (status = 200): ApiReply => ({ status });

/** A list of objects whose JSON is already built. */
export function jsonList(items: readonly string[]): ApiReply {
  return rawJson(`[${items.join(',')}]`);
}

/**
 * Parses the `filters` of a request, in either of Docker's forms. `accepted` names those that are known;
 * null accepts any.
 */
export function readFilters(
  query: URLSearchParams,
  accepted: readonly string[] | null,
  { api }: Release,
  /** The status of a malformed filter before API 1.42. */
  { malformed = 500 } = {},
): Map<string, string[]> {
  const text = query.get('filters');
  const filters = new Map<string, string[]>();
  if (text === null || text === '') return filters;
  const isNew = atLeast(api, '1.42');
  const parsed = parseFilters(text);
  if ('problem' in parsed) {
    throw isNew
      ? new DemoEngineError(400, 'invalid filter')
      : new DemoEngineError(malformed, parsed.problem);
  }
  for (const [name, values] of Object.entries(parsed.filters)) {
    if (accepted && !accepted.includes(name)) {
      throw new DemoEngineError(400, `${isNew ? 'invalid' : 'Invalid'} filter '${name}'`);
    }
    const list = Array.isArray(values) ? values : Object.keys(values).filter((key) => values[key]);
    if (list.length > 0) filters.set(name, list);
  }
  return filters;
}

const filtersSchema = z.union([
  z.record(z.string(), z.record(z.string(), z.boolean())),
  z.record(z.string(), z.array(z.string())),
]);

function parseFilters(
  text: string,
): { filters: z.infer<typeof filtersSchema> } | { problem: string } {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
  const parsed = z.safeParse(filtersSchema, raw ?? {});
  if (parsed.success) return { filters: parsed.data };
  return { problem: `json: cannot unmarshal ${wrongFilter(raw)}` };
}

/** What Go reports of a value that is no `map[string]map[string]bool`. */
function wrongFilter(raw: unknown): string {
  if (!isMap(raw)) return `${goKind(raw)} into Go value of type map[string]map[string]bool`;
  const values = Object.values(raw);
  const notMap = values.find((value) => !isMap(value));
  if (notMap !== undefined) return `${goKind(notMap)} into Go value of type map[string]bool`;
  const flags = values.flatMap((value) => Object.values(Object(value)));
  return `${goKind(flags.find((one) => typeof one !== 'boolean'))} into Go value of type bool`;
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Rejects a body that is not declared to be JSON, as engines do from API 1.42 on. */
export function checkContentType(body: string, type = '', { api }: Release): void {
  if (body === '' || !atLeast(api, '1.42')) return;
  if (type === '') {
    throw new DemoEngineError(400, 'malformed Content-Type header (): mime: no media type');
  }
  if (type.split(';')[0]?.trim().toLowerCase() === 'application/json') return;
  const why = `unsupported Content-Type header (${type}): must be 'application/json'`;
  throw new DemoEngineError(400, why);
}

/** Whether labels satisfy `key` or `key=value` filters, all of them. */
export function hasLabels(labels: Record<string, string>, wanted: readonly string[]): boolean {
  return wanted.every((text) => {
    const at = text.indexOf('=');
    const key = at < 0 ? text : text.slice(0, at);
    const value = labels[key];
    return value !== undefined && (at < 0 || value === text.slice(at + 1));
  });
}

/** Whether `text` starts with one of a filter's values; without the filter everything passes. */
export function startsWithAny(values: readonly string[] | undefined, text: string): boolean {
  return !values || values.some((value) => text.startsWith(value));
}

/** A boolean of the query, by the engine's rules (moby's `httputils.BoolValue`). */
export function flag(query: URLSearchParams, name: string): boolean {
  const value = (query.get(name) ?? '').toLowerCase();
  return !['', '0', 'no', 'false', 'none'].includes(value);
}

/** A boolean of the query, by Go's rules. */
export function strictFlag(query: URLSearchParams, name: string): boolean {
  const text = query.get(name) ?? '';
  if (['', '0', 'f', 'F', 'false', 'FALSE', 'False'].includes(text)) return false;
  if (['1', 't', 'T', 'true', 'TRUE', 'True'].includes(text)) return true;
  const why = `strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax`;
  throw new DemoEngineError(400, `invalid value for ${name}: ${text}: ${why}`);
}

/** The required `version` of an update. */
export function versionOf(
  query: URLSearchParams,
  kind: 'service' | 'node' | 'swarm' | 'secret' | 'config',
): number {
  const text = query.get('version') ?? '';
  if (!/^\d+$/.test(text)) {
    const why = `strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`;
    throw new DemoEngineError(400, `invalid ${kind} version '${text}': ${why}`);
  }
  return Number(text);
}

/** Sorts records as the engine lists them. */
export function byId<T extends { api: { ID: string } }>(records: Iterable<T>): T[] {
  return [...records].sort((a, b) => (a.api.ID < b.api.ID ? -1 : 1));
}

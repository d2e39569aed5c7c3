import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod/mini';
import { DemoEngineError } from '../errors';

/** One request to the Engine API, without the version prefix of its path. */
export interface ApiRequest {
  method: string;
  /** Decoded path segments that the route's pattern captured. */
  params: readonly string[];
  query: URLSearchParams;
  body: string;
  request: IncomingMessage;
}

/** A response: JSON text, plain text, or a stream that writes to the response itself. */
export type ApiReply =
  | { status: number; json?: string; text?: string }
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

const filtersSchema = z.record(
  z.string(),
  z.union([z.array(z.string()), z.record(z.string(), z.boolean())]),
);

/** Parses the `filters` of a request, in either of Docker's forms. Rejects names that are not accepted. */
export function readFilters(
  query: URLSearchParams,
  accepted: readonly string[],
): Map<string, string[]> {
  const text = query.get('filters');
  const filters = new Map<string, string[]>();
  if (text === null || text === '') return filters;
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    throw new DemoEngineError(400, `invalid filter`);
  }
  const parsed = z.safeParse(filtersSchema, raw);
  if (!parsed.success) throw new DemoEngineError(400, `invalid filter`);
  for (const [name, values] of Object.entries(parsed.data)) {
    if (!accepted.includes(name)) throw new DemoEngineError(400, `Invalid filter '${name}'`);
    const list = Array.isArray(values) ? values : Object.keys(values).filter((key) => values[key]);
    if (list.length > 0) filters.set(name, list);
  }
  return filters;
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

/** The required `version` of an update. */
export function versionOf(query: URLSearchParams, kind: 'service' | 'node'): number {
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

import { type FullRunRequest, RUN_DEFAULTS, RUN_LIMITS } from '@/lib/curl/run';
import { isPath } from '@/lib/curl/path';

/** The values of the controls. Names, not ids: they survive a service that is deleted and created again. */
export interface RunSettings {
  /** Key of a {@link DialTarget}; null for the first one. */
  readonly target: string | null;
  /** Hostname of the entry node, its id where other nodes have that hostname, or `rotate`; null for the node whose engine the dashboard is connected to. */
  readonly entryNode: string | null;
  readonly path: string;
  readonly method: FullRunRequest['method'];
  readonly mode: FullRunRequest['mode'];
  /** Requests per second of a steady run. The API accepts more values than the page offers. */
  readonly rate: number;
  readonly seconds: number;
  /** Requests of a burst. */
  readonly burst: number;
  readonly inFlight: number;
  /** Seconds. */
  readonly timeout: number;
  readonly connection: FullRunRequest['connection'];
  readonly keepGoing: boolean;
}

export const DEFAULT_SETTINGS: RunSettings = {
  target: null,
  entryNode: null,
  ...RUN_DEFAULTS,
};

type IsValid = (value: unknown) => boolean;
const oneOf =
  (...values: readonly unknown[]): IsValid =>
  (value) =>
    values.includes(value);
const upToLimit =
  (name: keyof typeof RUN_LIMITS): IsValid =>
  (value) =>
    Number.isInteger(value) && Number(value) >= 1 && Number(value) <= RUN_LIMITS[name];
const matching =
  (pattern: RegExp): IsValid =>
  (value) =>
    typeof value === 'string' && pattern.test(value);

/**
 * Validates each setting as the API does. Functions instead of a schema: zod would add 20 kB to the page's
 * JavaScript.
 */
export const IS_VALID: Readonly<Record<keyof RunSettings, IsValid>> = {
  target: (value) => value === null || matching(/^[^\s:]{1,200}:\d{1,5}(\/host)?$/)(value),
  entryNode: (value) => value === null || matching(/^\S{1,200}$/)(value),
  path: (value) => typeof value === 'string' && isPath(value),
  method: oneOf('GET', 'HEAD'),
  mode: oneOf('steady', 'burst', 'once'),
  rate: upToLimit('rate'),
  seconds: upToLimit('seconds'),
  burst: upToLimit('burst'),
  inFlight: upToLimit('inFlight'),
  timeout: upToLimit('timeout'),
  connection: oneOf('new', 'keepAlive'),
  keepGoing: oneOf(true, false),
};

/** Parses stored settings (JSON). Each invalid value is replaced by its default. */
export function parseRunSettings(text: string | null): RunSettings {
  if (text === null) return DEFAULT_SETTINGS;
  try {
    const values: unknown = JSON.parse(text);
    return typeof values === 'object' && values !== null
      ? settingsFrom(values as Record<string, unknown>)
      : DEFAULT_SETTINGS;
  } catch {
    return DEFAULT_SETTINGS;
  }
}

function settingsFrom(values: Readonly<Record<string, unknown>>): RunSettings {
  const valid = Object.entries(IS_VALID).flatMap(([name, isValid]) =>
    isValid(values[name]) ? [[name, values[name]] as const] : [],
  );
  return { ...DEFAULT_SETTINGS, ...(Object.fromEntries(valid) as Partial<RunSettings>) };
}

import { changePart, isRecord, textsOf, type RawSpec } from './raw-spec';

/** Stands for what is hidden. */
export const HIDDEN = '(hidden)';

/** A service's JSON without the values of its environment and of options, and the names of its secrets and configs. */
export function withoutValues(service: RawSpec): RawSpec {
  let result = withoutOptions(service);
  for (const key of ['Spec', 'PreviousSpec']) {
    const spec = result[key];
    if (isRecord(spec)) result = { ...result, [key]: withoutSpecValues(spec) };
  }
  return result;
}

/** The same of a task, whose spec is what its service has as `TaskTemplate`. */
export function withoutTaskValues(task: RawSpec): RawSpec {
  const shown = withoutOptions(task);
  const spec = shown['Spec'];
  if (!isRecord(spec)) return shown;
  return { ...shown, Spec: withoutSpecValues({ TaskTemplate: spec })['TaskTemplate'] };
}

/**
 * Options of drivers, for logs (`splunk-token=…`), volumes (`o=username=…,password=…`) and networks: maps that only the
 * driver understands. Those of the resolver (`DNSConfig`) are a list of words such as `ndots:1`.
 */
const OPTIONS = new Set(['Options', 'DriverOpts']);
const RESOLVER = 'DNSConfig';

/** JSON without the values of options, wherever they are. What has none is returned as it is. */
export function withoutOptions<T>(json: T): T;
export function withoutOptions(json: unknown): unknown {
  return withoutOptionsIn(json, '');
}

/** `name`: the key that this JSON has in the one around it. */
function withoutOptionsIn(json: unknown, name: string): unknown {
  if (Array.isArray(json)) {
    const list = json.map((one) => withoutOptionsIn(one, name));
    return list.some((one, at) => one !== json[at]) ? list : json;
  }
  if (!isRecord(json)) return json;
  let changed = false;
  const entries = Object.entries(json).map(([key, value]) => {
    const isHidden = OPTIONS.has(key) && (name !== RESOLVER || isRecord(value));
    const shown = isHidden ? withHidden(value) : withoutOptionsIn(value, key);
    changed ||= shown !== value;
    return [key, shown];
  });
  return changed ? Object.fromEntries(entries) : json;
}

/** An odd engine's, which are no map, are hidden as a whole: their names cannot be distinguished from their values. */
function withHidden(options: unknown): unknown {
  if (options === undefined || options === null) return options;
  if (!isRecord(options)) return HIDDEN;
  return Object.fromEntries(Object.keys(options).map((name) => [name, HIDDEN]));
}

/** Whether a part of a spec, by its path, has something that is hidden. */
export function hasHidden(path: string): boolean {
  return /(^|\.)(Env|Secrets|Configs|Mounts|Networks)$/.test(path) || isOption(path);
}

/** Whether a path leads to options or into them: `Networks.0.DriverOpts.key`. */
export const isOption = (path: string) =>
  /(?<!\.DNSConfig)\.(Options|DriverOpts)(\.|$)/.test(`.${path}`);

function withoutSpecValues(spec: RawSpec): RawSpec {
  const container = changeTask(spec, 'ContainerSpec', (part) => {
    const hidden: Record<string, unknown> = { ...part };
    if ('Env' in part) hidden['Env'] = withoutEnvValues(part['Env']);
    for (const key of ['Secrets', 'Configs']) {
      const list = part[key];
      if (Array.isArray(list)) hidden[key] = list.map(() => HIDDEN);
    }
    return hidden;
  });
  // A service of a plugin has an environment, too.
  return changeTask(container, 'PluginSpec', (part) =>
    'Env' in part ? { ...part, Env: withoutEnvValues(part['Env']) } : part,
  );
}

function withoutEnvValues(env: unknown): string[] {
  return textsOf(env).map((entry) => {
    const at = entry.indexOf('=');
    return at < 0 ? entry : `${entry.slice(0, at)}=${HIDDEN}`;
  });
}

/** Nothing is added where the part is missing. */
function changeTask(spec: RawSpec, part: string, change: (part: RawSpec) => RawSpec): RawSpec {
  const task = spec['TaskTemplate'];
  if (!isRecord(task) || !isRecord(task[part])) return spec;
  return changePart(spec, ['TaskTemplate', part], change);
}

/** What a request to create or to change a service has that can be a secret. */
interface Private {
  env?: Record<string, string | null> | undefined;
  labels?: Record<string, string | null> | undefined;
  containerLabels?: Record<string, string | null> | undefined;
  command?: string[] | undefined;
  args?: string[] | undefined;
}

/** A form or a patch for the log, which more people read: without the values of variables and labels, and without words of a command. */
export function withoutPrivate<T extends Private>(form: T): T {
  const result: Private = { ...form };
  for (const key of ['env', 'labels', 'containerLabels'] as const) {
    const entries = Object.entries(form[key] ?? {}).map(([name, value]) => [
      name,
      value === null ? null : HIDDEN,
    ]);
    if (entries.length > 0) result[key] = Object.fromEntries(entries);
  }
  for (const key of ['command', 'args'] as const) {
    if (form[key]?.length) result[key] = [HIDDEN];
  }
  return result as T;
}

import { changePart, isRecord, textsOf, type RawSpec } from './raw-spec';

/** Stands for what is hidden. */
export const HIDDEN = '(hidden)';

/** A service's JSON without the values of its environment and the names of its secrets and configs. */
export function withoutValues(service: RawSpec): RawSpec {
  let result = service;
  for (const key of ['Spec', 'PreviousSpec']) {
    const spec = result[key];
    if (isRecord(spec)) result = { ...result, [key]: withoutSpecValues(spec) };
  }
  return result;
}

function withoutSpecValues(spec: RawSpec): RawSpec {
  return changeContainer(spec, (container) => {
    const hidden: Record<string, unknown> = { ...container };
    if ('Env' in container) {
      hidden['Env'] = textsOf(container['Env']).map((entry) => {
        const at = entry.indexOf('=');
        return at < 0 ? entry : `${entry.slice(0, at)}=${HIDDEN}`;
      });
    }
    for (const key of ['Secrets', 'Configs']) {
      const list = container[key];
      if (Array.isArray(list)) hidden[key] = list.map(() => HIDDEN);
    }
    return hidden;
  });
}

/** Nothing is added where there is no container's spec. */
function changeContainer(spec: RawSpec, change: (container: RawSpec) => RawSpec): RawSpec {
  const task = spec['TaskTemplate'];
  if (!isRecord(task) || !isRecord(task['ContainerSpec'])) return spec;
  return changePart(spec, ['TaskTemplate', 'ContainerSpec'], change);
}

/** A form or a patch without the values of its environment, for the log. */
export function withoutEnv<T extends { env?: Record<string, string | null> | undefined }>(
  form: T,
): T {
  if (form.env === undefined) return form;
  const env = Object.entries(form.env).map(([name, value]) => [
    name,
    value === null ? null : HIDDEN,
  ]);
  return { ...form, env: Object.fromEntries(env) };
}

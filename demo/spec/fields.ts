/** The engine's order of a container spec's fields. */
const CONTAINER_FIELDS = (
  'Image Labels Command Args Hostname Env Dir User Groups Privileges Init StopSignal TTY OpenStdin ' +
  'ReadOnly Mounts StopGracePeriod Healthcheck Hosts DNSConfig Secrets Configs Isolation'
).split(' ');

/** The container spec with its fields in the engine's order. */
export function inContainerOrder<T extends object>(spec: T): T {
  const place = (key: string) =>
    CONTAINER_FIELDS.includes(key) ? CONTAINER_FIELDS.indexOf(key) : CONTAINER_FIELDS.length;
  return Object.fromEntries(Object.entries(spec).sort(([a], [b]) => place(a) - place(b))) as T;
}

/** A copy without the keys whose value is undefined: specs are compared key by key. */
export function compact<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as T;
}

/** A copy without null and empty lists, as Go's `omitempty` leaves them out. */
export function dropEmpty<T extends object>(value: T): T {
  return Object.fromEntries(
    Object.entries(value).filter(
      ([, v]) => v !== undefined && v !== null && !(Array.isArray(v) && v.length === 0) && v !== 0,
    ),
  ) as T;
}

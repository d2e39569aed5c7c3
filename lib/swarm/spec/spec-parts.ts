import type { PublishedPort, Restart, Rollout, ServiceForm } from './form';
import { parseDuration } from './go-duration';
import { parseMemory } from './memory-size';
import type { RawSpec } from './raw-spec';

/** Parts of a spec as docker's client makes them of its options (docker/cli cli/command/service/opts.go). */

/** swarmkit api/defaults/service.go: what the client starts from when one option of the group is given. */
const DEFAULT_ROLLOUT = {
  Parallelism: 1,
  Monitor: 5_000_000_000,
  FailureAction: 'pause',
  MaxFailureRatio: 0,
  Order: 'stop-first',
};
const DEFAULT_RESTART = { Condition: 'any', Delay: 5_000_000_000, MaxAttempts: 0 };

/** The entries that are given. */
function given(entries: Record<string, unknown>): RawSpec {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined));
}

const ns = (text: string | undefined) => (text === undefined ? undefined : parseDuration(text));

/** Whether at least one field of a group is given. */
export function isGiven(group: object | undefined): boolean {
  return Object.values(group ?? {}).some((value) => value !== undefined);
}

export function changedRollout(before: RawSpec | null, form: Rollout): RawSpec {
  return {
    ...(before ?? DEFAULT_ROLLOUT),
    ...given({
      Parallelism: form.parallelism,
      Delay: ns(form.delay),
      FailureAction: form.failureAction,
      Monitor: ns(form.monitor),
      MaxFailureRatio: form.maxFailureRatio,
      Order: form.order,
    }),
  };
}

export function changedRestart(before: RawSpec | null, form: Restart): RawSpec {
  return {
    ...(before ?? DEFAULT_RESTART),
    ...given({
      Condition: form.condition,
      Delay: ns(form.delay),
      MaxAttempts: form.maxAttempts,
      Window: ns(form.window),
    }),
  };
}

export function resources(form: NonNullable<ServiceForm['limits']>): RawSpec {
  return given({
    NanoCPUs: form.cpus === undefined ? undefined : Math.round(form.cpus * 1e9),
    MemoryBytes: form.memory === undefined ? undefined : parseMemory(form.memory),
    Pids: form.pids,
  });
}

export function rawPort({ target, published, protocol, mode }: PublishedPort): RawSpec {
  return {
    Protocol: protocol,
    TargetPort: target,
    ...(published ? { PublishedPort: published } : {}),
    PublishMode: mode,
  };
}

export function rawPreference(text: string): RawSpec {
  return { Spread: { SpreadDescriptor: text.slice('spread='.length) } };
}

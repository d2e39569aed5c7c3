import fc from 'fast-check';
import type { CreateService, PatchService } from '@/lib/swarm/spec/form';

/** Requests that the schemas accept, over everything that a form can hold. */

const SHELL = [
  'a',
  'B',
  '7',
  ' ',
  "'",
  '"',
  '$',
  '`',
  '\\',
  '!',
  '~',
  '*',
  ';',
  '=',
  ':',
  ',',
  '#',
];
const value = fc.string({
  unit: fc.constantFrom(...SHELL, '-', 'é', '語', '🐳', '\n', '\t', '\u001b', '{', '}'),
  maxLength: 12,
});
const name = fc
  .tuple(
    fc.string({
      unit: fc.constantFrom('a', 'b', '-', '.', '_', '$', "'", 'é'),
      minLength: 1,
      maxLength: 8,
    }),
  )
  .map(([text]) => `n${text}`);
const map = (empty = false) =>
  fc.dictionary(name, value, { maxKeys: 4, minKeys: empty ? 0 : 1, noNullPrototype: true });
const changes = fc.dictionary(name, fc.option(value), { maxKeys: 4, noNullPrototype: true });

const duration = fc.constantFrom('0s', '10s', '1m30s', '500ms', '1.5s', '2h', '750µs', '3ns');
const memory = fc.constantFrom('0', '4M', '64M', '64MiB', '1.5g', '8388608');
const cpus = fc.constantFrom(0, 0.001, 0.1, 0.25, 0.333, 1, 1.5, 12);
const count = fc.nat({ max: 12 });
const constraint = fc.constantFrom(
  'node.role==worker',
  'node.role != manager',
  'node.labels.disk==ssd',
  'node.hostname==zero.*',
  'engine.labels.a==b c',
);
const preference = fc.constantFrom(
  'spread=node.labels.zone',
  'spread=node.labels.rack',
  'spread=engine.labels.a',
);
const image = fc.constantFrom(
  'carmeloc/goweb:1.0',
  'goweb',
  'registry.example:5000/a/goweb:2',
  `goweb:1@sha256:${'cd'.repeat(32)}`,
);
const target = fc.integer({ min: 1, max: 9 });
const protocol = fc.constantFrom('tcp' as const, 'udp' as const, 'sctp' as const);
const mode = fc.constantFrom('ingress' as const, 'host' as const);
/** Each target and each published port at most once. */
const ports = fc.uniqueArray(
  fc.record(
    { target, published: fc.integer({ min: 0, max: 65_535 }), protocol, mode },
    { requiredKeys: ['target'] },
  ),
  { selector: ({ published, target: own }) => published || -own, maxLength: 4 },
);
const some = <T>(item: fc.Arbitrary<T>) => fc.uniqueArray(item, { maxLength: 3 });
const rollout = {
  parallelism: count,
  delay: duration,
  monitor: duration,
  maxFailureRatio: fc.constantFrom(0, 0.1, 0.25, 1),
  order: fc.constantFrom('stop-first' as const, 'start-first' as const),
};
const optional = { requiredKeys: [] as [] };
const update = fc.record(
  { ...rollout, failureAction: fc.constantFrom('pause' as const, 'continue', 'rollback') },
  optional,
);
const rollback = fc.record(
  { ...rollout, failureAction: fc.constantFrom('pause' as const, 'continue') },
  optional,
);
const restart = fc.record(
  {
    condition: fc.constantFrom('none' as const, 'on-failure', 'any'),
    delay: duration,
    maxAttempts: count,
    window: duration,
  },
  optional,
);
const shared = {
  limits: fc.record({ cpus, memory, pids: count }, optional),
  reservations: fc.record({ cpus, memory }, optional),
  command: fc.array(value, { maxLength: 3 }),
  args: fc.array(value, { maxLength: 3 }),
  hostname: fc.constantFrom('', 'web', '{{.Node.Hostname}}'),
  stopGracePeriod: duration,
};
const policies = { update, rollback, restart, maxPerNode: count };

/** A request to create a service, of every mode. */
export function aCreate(): fc.Arbitrary<CreateService> {
  const common = {
    name: fc.constantFrom('goweb', 'a', 'Web-2_x'),
    image,
    ports,
    env: map(),
    constraints: some(constraint),
    preferences: some(preference),
    labels: map(),
    containerLabels: map(),
    ...shared,
  };
  const required = { requiredKeys: ['name', 'image'] as ['name', 'image'] };
  return fc.oneof(
    { weight: 4, arbitrary: fc.record({ ...common, ...policies, replicas: count }, required) },
    fc
      .record({ ...common, update, rollback, restart }, required)
      .map((form) => ({ ...form, mode: 'global' as const })),
    fc
      .record(
        {
          ...common,
          restart,
          maxPerNode: count,
          replicas: count,
          maxConcurrent: fc.integer({ min: 1, max: 5 }),
        },
        required,
      )
      .map((form) => ({ ...form, mode: 'replicated-job' as const })),
    fc
      .record({ ...common, restart }, required)
      .map((form) => ({ ...form, mode: 'global-job' as const })),
  );
}

/** A request to change a service; it need not fit the service's mode. */
export function aPatch(): fc.Arbitrary<PatchService> {
  const changed = <T>(item: fc.Arbitrary<T>) =>
    fc.record({ add: some(item), remove: some(item) }, optional).filter(
      // The client removes what it has just added; the dashboard keeps it.
      ({ add = [], remove = [] }) => !add.some((one) => remove.includes(one)),
    );
  return fc.record(
    {
      image,
      replicas: count,
      ports: fc.record(
        {
          // Not what is published by the form: the client leaves out what it has just removed.
          add: ports.map((all) => all.map((one) => ({ ...one, target: one.target + 10 }))),
          remove: fc.array(fc.record({ target, protocol, mode }, { requiredKeys: ['target'] }), {
            maxLength: 4,
          }),
        },
        optional,
      ),
      env: changes,
      constraints: changed(constraint),
      preferences: changed(preference),
      labels: changes,
      containerLabels: changes,
      ...shared,
      ...policies,
    },
    optional,
  );
}

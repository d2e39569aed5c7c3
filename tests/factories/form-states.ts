import fc from 'fast-check';
import {
  FIELD_NAMES,
  FIELDS,
  type FieldName,
  type FieldRule,
} from '@/components/service-form/fields';
import { newPair, newPort, newText, type FormState } from '@/components/service-form/form-state';

/** Texts that a person may type into any field, and what is wrong somewhere. */
const TEXTS = [
  '',
  ' ',
  '0',
  '1',
  '3',
  '-1',
  '1.5',
  '1e3',
  '0x10',
  '٣',
  '65536',
  '99999999999999999999',
  '8080',
  '10s',
  '-5s',
  '10',
  '64M',
  '1K',
  'a',
  'goweb',
  'UPPER',
  'wéb',
  '🐳',
  'a b',
  "'a b' c",
  "it's",
  '"',
  '\\',
  '$(id)',
  '`id`; rm -rf /',
  '-rf',
  'carmeloc/goweb:1.1',
  'node.role==worker',
  'node.role=worker',
  'spread=node.labels.zone',
  'com.docker.swarm.x',
  '__proto__',
  'constructor',
  'a=b',
  '(hidden)',
  'a\nb',
  'a\0b',
  '{{.Node.Hostname}}',
  'x'.repeat(64),
  'x'.repeat(256),
  'x'.repeat(4097),
];

const aText = (): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...TEXTS) },
    fc.string({ unit: 'binary', maxLength: 10 }),
  );

const COUNT = ['0', '1', '7'];
const DURATION = ['0s', '10s', '1m30s', ' 500ms '];
const MEMORY = ['0', '64M', '65536k', '1.5g'];
const CPUS = ['0', '0.5', '1.50', '.25'];
const RATIO = ['0', '0.25', '1'];
const WORDS = ['a', 'a  b', "'a b' c", '"$(id)"'];

const GOOD: Partial<Record<FieldName, readonly string[]>> = {
  name: ['goweb', 'a', 'Web-2_x'],
  image: ['carmeloc/goweb:1.1', 'goweb', ' goweb:2 '],
  replicas: COUNT,
  maxConcurrent: ['1', '3'],
  maxPerNode: COUNT,
  'reservations.cpus': CPUS,
  'reservations.memory': MEMORY,
  'limits.cpus': CPUS,
  'limits.memory': MEMORY,
  'limits.pids': COUNT,
  command: WORDS,
  args: WORDS,
  hostname: ['web', '{{.Node.Hostname}}'],
  stopGracePeriod: DURATION,
  'update.parallelism': COUNT,
  'update.delay': DURATION,
  'update.monitor': DURATION,
  'update.maxFailureRatio': RATIO,
  'rollback.parallelism': COUNT,
  'rollback.delay': DURATION,
  'rollback.monitor': DURATION,
  'rollback.maxFailureRatio': RATIO,
  'restart.delay': DURATION,
  'restart.maxAttempts': COUNT,
  'restart.window': DURATION,
};

/** Mostly what is right for its place. */
const mostly = (good: readonly string[], bad = aText()) =>
  fc.oneof({ weight: 30, arbitrary: fc.constantFrom(...good) }, bad);

/** A form with anything typed into it: about half of them have nothing wrong. */
export function aFormState(): fc.Arbitrary<FormState> {
  const rows = <T>(row: fc.Arbitrary<T>) => fc.array(row, { maxLength: 3 });
  const pairs = rows(
    fc
      .tuple(mostly(['A', 'B', 'C', 'd.e', 'f']), mostly(['', 'x', ' y ', '$(id)', 'é\n🐳']))
      .map(([name, value]) => newPair(name, value)),
  );
  const values = Object.fromEntries(
    FIELD_NAMES.map((name) => {
      const { choices, ifEmpty }: FieldRule = FIELDS[name];
      const empty = ifEmpty === undefined ? [] : [''];
      // A list of choices can hold nothing else.
      if (choices) return [name, fc.constantFrom(...empty, ...choices)];
      return [name, mostly([...empty, ...(GOOD[name] ?? [])])];
    }),
  );
  return fc.record({
    values: fc.record(values) as fc.Arbitrary<FormState['values']>,
    resolveImage: fc.constant(false),
    ports: rows(
      fc
        .record({
          published: mostly(['', '0', '8888', '8889', '9000']),
          target: mostly(['80', '8080', '81']),
          protocol: fc.constantFrom('tcp' as const, 'udp' as const, 'sctp' as const),
          mode: fc.constantFrom('ingress' as const, 'host' as const),
        })
        .map(newPort),
    ),
    constraints: rows(
      mostly(['node.role==worker', 'node.id != a', 'node.labels.a==b']).map(newText),
    ),
    preferences: rows(mostly(['spread=node.labels.zone', 'spread=engine.labels.a']).map(newText)),
    env: pairs,
    labels: pairs,
    containerLabels: pairs,
  });
}

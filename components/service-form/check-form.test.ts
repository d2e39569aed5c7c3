import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createServiceSchema, patchServiceSchema } from '@/lib/swarm/spec/form';
import { formOf } from '@/lib/swarm/spec/form-of';
import { patchSpec } from '@/lib/swarm/spec/patch-spec';
import { specOf } from '@/lib/swarm/spec/spec-of';
import { aFormState } from '@/tests/factories/form-states';
import { aCreate } from '@/tests/factories/service-forms';
import { checkCreate, checkUpdate, placed } from './check-form';
import { FIELD_NAMES, FIELDS, isShown, LISTS, type FieldName, type FieldRule } from './fields';
import {
  modeOf,
  newPair,
  newPort,
  newService,
  newText,
  stateOf,
  type FormState,
  type PairRow,
} from './form-state';
import { withValues } from './rebase';
import { patchBody } from './request-body';

const MAX = 20;
const blank = (): FormState => newService([]);

const set = (state: FormState, name: FieldName, text: string): FormState => ({
  ...state,
  values: { ...state.values, [name]: text },
});

/** Every field of a form that can show a message. */
function fieldsOf(state: FormState): Set<string> {
  const lists = Object.keys(LISTS) as (keyof typeof LISTS)[];
  const parts = (list: string) =>
    list === 'ports'
      ? ['target', 'published', 'protocol', 'mode']
      : list === 'constraints' || list === 'preferences'
        ? ['']
        : ['name', 'value'];
  return new Set([
    '',
    ...FIELD_NAMES,
    ...lists,
    ...lists.flatMap((list) =>
      state[list].flatMap(({ key }) =>
        parts(list).map((part) => [list, key, part].filter((one) => one !== '').join('.')),
      ),
    ),
  ]);
}

test('the form starts as the tutorial’s service', () => {
  expect(checkCreate(blank(), MAX).value).toEqual({
    name: 'goweb',
    image: 'carmeloc/goweb:1.0',
    mode: 'replicated',
    replicas: 3,
    ports: [{ target: 8080, published: 8888, protocol: 'tcp', mode: 'ingress' }],
  });
});

test('with a name and a port that are free', () => {
  const services = [
    { name: 'goweb', ports: [{ published: 8888 }, { published: null }] },
    { name: 'goweb2', ports: [{ published: 8889 }] },
  ];
  const { values, ports } = newService(services);
  expect([values.name, ports[0]?.published]).toEqual(['goweb3', '8890']);
});

const WHOLE = 'Enter a whole number from 0 to 1000000.';
const RATIO = 'Enter a number from 0 to 1.';
const CPUS = 'Enter a number of CPUs such as 0.5, or 0 for none.';
const MEMORY = 'Enter an amount of memory such as 64M or 1G, or 0 for none.';
const DURATION = 'Enter a duration such as 10s, 1m30s or 500ms.';
const HOSTNAME =
  'A hostname has letters (a to z), digits, dots and -, and starts and ends with a letter or a digit.';
const FORMAT =
  'This is not the name of an image: write it as goweb:1.0, user/goweb:1.0 or registry.example:5000/goweb:1.0.';
const REPLICAS = 'Enter a whole number from 0 to 20, the limit set by MAX_REPLICAS.';
const SHELL = '$(id); rm -rf /';
const long = (length: number) => 'x'.repeat(length);

/** The part of the last entry of a list; `-`: the list itself. */
function fieldIn(state: FormState, [list, part]: readonly [string, string, string]): string {
  if (part === '-') return list;
  const row = state[list as keyof typeof LISTS].at(-1);
  return [list, row?.key, part].filter((one) => one !== '').join('.');
}

/** Texts of each kind of field, with what is said about them; null: nothing is wrong. */
const count: [string, string | null][] = [
  ['', null],
  ['7', null],
  ['-1', WHOLE],
  ['1.5', WHOLE],
  ['1000001', WHOLE],
  ['9'.repeat(400), WHOLE],
  ['٣', WHOLE],
  ['1e3', WHOLE],
  [SHELL, WHOLE],
];
const duration: [string, string | null][] = [
  ['', null],
  [' 1m30s ', null],
  ['10', 'Add a unit: 10s, 10ms or 10m.'],
  ['-1s', 'A duration cannot be negative.'],
  ['9999h', 'A duration is at most 2501h0m0s.'],
  [`${long(101)}s`, 'A duration has at most 100 characters.'],
  ['zehn Sekunden', DURATION],
  ['５s', DURATION],
  [SHELL, DURATION],
];
const cpus: [string, string | null][] = [
  ['', null],
  ['0.5', null],
  ['.5', null],
  ['-1', 'A number of CPUs cannot be negative.'],
  ['0.0001', 'Swarm accepts 0.001 CPUs or more, or 0 for none.'],
  ['10000000', 'A number of CPUs is at most 1000000.'],
  ['0.1234567891', 'A number of CPUs has at most nine decimal places.'],
  ['½', CPUS],
  ['one', CPUS],
  [SHELL, CPUS],
];
const memory: [string, string | null][] = [
  ['', null],
  ['64M', null],
  ['-64M', 'An amount of memory cannot be negative.'],
  ['1K', 'Swarm accepts 4M or more, or 0 for none.'],
  ['9000P', 'An amount of memory is at most 8191T.'],
  [`${'6'.repeat(101)}M`, MEMORY],
  ['６４M', MEMORY],
  [SHELL, MEMORY],
];
const ratio: [string, string | null][] = [
  ['', null],
  ['0.25', null],
  ['-0.1', RATIO],
  ['1.1', RATIO],
  ['25%', RATIO],
  [SHELL, RATIO],
];
const words: [string, string | null][] = [
  ['', null],
  [SHELL, null],
  ['--port 8080 "a b" \\"', null],
  ['"a', 'A quote is not closed, or a \\ stands last.'],
  ['a\\', 'A quote is not closed, or a \\ stands last.'],
  ['a\0', 'An argument cannot contain the character NUL.'],
  [long(4097), 'An argument has at most 4096 characters.'],
  ['a '.repeat(101), 'A list has at most 100 entries.'],
];

const BAD: Record<FieldName, [string, string | null][]> = {
  name: [
    ['', 'A name is required.'],
    [' goweb ', null],
    [long(64), 'A name has at most 63 characters.'],
    ['gowéb', 'A name has letters (a to z), digits, - and _ only.'],
    [SHELL, 'A name has letters (a to z), digits, - and _ only.'],
    ['-goweb', 'A name starts and ends with a letter or a digit.'],
  ],
  image: [
    ['', 'An image is required.'],
    [' carmeloc/goweb:1.0 ', null],
    [long(256), 'The name of an image has at most 255 characters.'],
    [long(2000), 'The name of an image has at most 255 characters.'],
    ['Goweb', 'The name of an image has to be in lower case.'],
    ['gowéb', FORMAT],
    [SHELL, FORMAT],
    ['ab'.repeat(32), 'This is the id of an image: swarm needs the name of one in a registry.'],
    ['goweb@sha256:1', 'The digest after @ has to be sha256: and 64 hexadecimal digits.'],
  ],
  replicas: [
    ['', REPLICAS],
    ['20', null],
    ['21', REPLICAS],
    ['-1', REPLICAS],
    ['1.5', REPLICAS],
    ['٣', REPLICAS],
    [SHELL, REPLICAS],
  ],
  mode: [
    ['global', null],
    ['', 'Choose replicated, global, replicated-job or global-job.'],
  ],
  maxConcurrent: count,
  maxPerNode: count,
  'reservations.cpus': cpus,
  'reservations.memory': memory,
  'limits.cpus': cpus,
  'limits.memory': memory,
  'limits.pids': count,
  command: words,
  args: words,
  hostname: [
    ['', null],
    ['{{.Node.Hostname}}', null],
    ['{{a}}\n', null],
    ['{{a\n}}', 'A hostname cannot contain control characters.'],
    [long(64), 'A hostname has at most 63 characters.'],
    [`{{${long(4096)}`, 'A hostname has at most 4096 characters.'],
    ['wéb', HOSTNAME],
    ['-web', HOSTNAME],
    [SHELL, HOSTNAME],
  ],
  stopGracePeriod: duration,
  'update.parallelism': count,
  'update.delay': duration,
  'update.monitor': duration,
  'update.failureAction': [['rollback', null]],
  'update.maxFailureRatio': ratio,
  'update.order': [['start-first', null]],
  'rollback.parallelism': count,
  'rollback.delay': duration,
  'rollback.monitor': duration,
  'rollback.failureAction': [['rollback', 'Choose pause or continue.']],
  'rollback.maxFailureRatio': ratio,
  'rollback.order': [['start-first', null]],
  'restart.condition': [['none', null]],
  'restart.delay': duration,
  'restart.maxAttempts': count,
  'restart.window': duration,
};

describe('each field says what is wrong with its text, and the form is not sent', () => {
  const cases = FIELD_NAMES.flatMap((name) =>
    BAD[name].map(([text, message]) => [name, text, message] as const),
  );
  const changed = stateOf(createServiceSchema(MAX).parse({ name: 'goweb', image: 'goweb' }), true);
  test.each(cases)('%s: %j', (name, text, message) => {
    const mode = name === 'maxConcurrent' ? 'replicated-job' : 'replicated';
    const created = checkCreate(set(set(blank(), 'mode', mode), name, text), MAX);
    const expected = message === null ? [] : [[name, message]];
    expect([...created.errors]).toEqual(expected);
    expect(created.value === null).toBe(message !== null);
    if (!isShown(name, 'replicated', 'update')) return;
    // What is as it was is not checked.
    const loaded = set(changed, name, '1');
    const spec = { Mode: { Replicated: { Replicas: 1 } } };
    const { errors, value } = checkUpdate(loaded, set(loaded, name, text), spec, MAX);
    expect([...errors]).toEqual(expected);
    expect(value === null).toBe(message !== null);
  });

  test.each<[string, Partial<FormState>, [list: string, part: string, message: string] | null]>([
    ['no port', { ports: [] }, null],
    ['any port', { ports: [newPort({ target: '80' })] }, null],
    ['empty', { ports: [newPort()] }, ['ports', 'target', 'Enter a whole number from 1 to 65535.']],
    [
      'port 0',
      { ports: [newPort({ target: '0' })] },
      ['ports', 'target', 'Enter a whole number from 1 to 65535.'],
    ],
    [
      'too high',
      { ports: [newPort({ target: '80', published: '65536' })] },
      ['ports', 'published', 'Enter a whole number from 0 to 65535.'],
    ],
    [
      'negative',
      { ports: [newPort({ target: '80', published: '-1' })] },
      ['ports', 'published', 'Enter a whole number from 0 to 65535.'],
    ],
    [
      'unicode',
      { ports: [newPort({ target: '８０' })] },
      ['ports', 'target', 'Enter a whole number from 1 to 65535.'],
    ],
    [
      'shell',
      { ports: [newPort({ target: '80', published: SHELL })] },
      ['ports', 'published', 'Enter a whole number from 0 to 65535.'],
    ],
    [
      'twice',
      {
        ports: [
          newPort({ target: '80', published: '80' }),
          newPort({ target: '81', published: '80' }),
        ],
      },
      ['ports', 'published', 'Port 80/tcp is published twice.'],
    ],
    [
      'an empty constraint',
      { constraints: [newText()] },
      ['constraints', '', 'A constraint is required.'],
    ],
    [
      'a constraint twice',
      { constraints: [newText('node.role==worker'), newText(' node.role==worker ')] },
      ['constraints', '', 'This is there already.'],
    ],
    [
      'a constraint without operator',
      { constraints: [newText('node.role=worker')] },
      [
        'constraints',
        '',
        'A constraint needs == or !=, as in node.labels.disk==ssd or node.role!=manager.',
      ],
    ],
    [
      'unicode',
      { constraints: [newText('node.labels.é==a')] },
      [
        'constraints',
        '',
        'Before == a constraint has the name of a fact, such as node.hostname or node.labels.disk.',
      ],
    ],
    [
      'shell',
      { constraints: [newText(`node.labels.a==${SHELL}`)] },
      [
        'constraints',
        '',
        String.raw`After == a constraint has a value of letters (a to z), digits and : - _ . * ( ) ? + [ ] \ ^ $ | /.`,
      ],
    ],
    [
      'too long',
      { constraints: [newText(`node.labels.a==${long(4096)}`)] },
      ['constraints', '', 'A constraint has at most 4096 characters.'],
    ],
    [
      'an empty preference',
      { preferences: [newText()] },
      ['preferences', '', 'A preference is required.'],
    ],
    [
      'a preference',
      { preferences: [newText('spread=node.hostname')] },
      [
        'preferences',
        '',
        'Swarm spreads over labels only: spread=node.labels.NAME or spread=engine.labels.NAME.',
      ],
    ],
    ['an empty variable', { env: [newPair()] }, ['env', 'name', 'A name is required.']],
    ['an empty value', { env: [newPair('A')] }, null],
    ['shell', { env: [newPair('A', SHELL)] }, null],
    ['unicode', { env: [newPair('GRÜSSE', '🐳')] }, null],
    [
      'an = in a name',
      { env: [newPair('A=B')] },
      ['env', 'name', 'The name of a variable cannot contain =.'],
    ],
    [
      'a space',
      { env: [newPair(' A')] },
      ['env', 'name', 'The name of a variable cannot start or end with a space.'],
    ],
    [
      'too long',
      { env: [newPair(long(256))] },
      ['env', 'name', 'A name has at most 255 characters.'],
    ],
    [
      'too long',
      { env: [newPair('A', long(4097))] },
      ['env', 'value', 'A value has at most 4096 characters.'],
    ],
    [
      'NUL',
      { env: [newPair('A', '\0')] },
      ['env', 'value', 'A value cannot contain the character NUL.'],
    ],
    [
      'twice',
      { env: [newPair('A'), newPair('A', 'b')] },
      ['env', 'name', 'This name is there already.'],
    ],
    [
      'what stands for a hidden value',
      { env: [newPair('A', '(hidden)')] },
      ['env', 'value', 'This stands for a value that is hidden: enter the value itself.'],
    ],
    [
      'a name that JavaScript has',
      { env: [newPair('__proto__', 'a')] },
      ['env', 'name', 'This name cannot be used here.'],
    ],
    [
      'half of a character in a value',
      { labels: [newPair('a', '\ud83d')] },
      ['labels', 'value', 'This has half of a character, which cannot be sent: type it again.'],
    ],
    [
      'half of a character in a name',
      { containerLabels: [newPair('\ud83d', 'a')] },
      [
        'containerLabels',
        'name',
        'This has half of a character, which cannot be sent: type it again.',
      ],
    ],
    [
      'other names that JavaScript has',
      { env: [newPair('constructor'), newPair('toString')] },
      null,
    ],
    ['an empty label', { labels: [newPair()] }, ['labels', 'name', 'A name is required.']],
    [
      'a reserved label',
      { labels: [newPair('com.docker.swarm.task')] },
      ['labels', 'name', 'Swarm sets the labels that start with com.docker.swarm. itself.'],
    ],
    [
      'a space in a label',
      { containerLabels: [newPair('a b')] },
      [
        'containerLabels',
        'name',
        'The name of a label cannot contain spaces and control characters.',
      ],
    ],
    [
      'a label twice',
      { containerLabels: [newPair('a'), newPair('a')] },
      ['containerLabels', 'name', 'This name is there already.'],
    ],
    [
      'a long label',
      { labels: [newPair('a', long(4097))] },
      ['labels', 'value', 'A value has at most 4096 characters.'],
    ],
    [
      'too many',
      { env: Array.from({ length: 101 }, (_, at) => newPair(`A${at}`)) },
      ['env', '-', 'There are at most 100 entries.'],
    ],
  ])('a list: %s', (_, over, expected) => {
    const state = { ...blank(), ...over };
    const loaded = { ...blank(), ports: [] };
    for (const { errors, value } of [
      checkCreate(state, MAX),
      checkUpdate(loaded, { ...loaded, ...over }, {}, MAX),
    ]) {
      expect([...errors]).toEqual(expected ? [[fieldIn(state, expected), expected[2]]] : []);
      expect(value === null).toBe(expected !== null);
    }
  });
});

test('a text that its mode has no field for is neither checked nor sent', () => {
  const state = set(set(set(blank(), 'mode', 'global'), 'replicas', 'many'), 'maxPerNode', '-');
  expect(checkCreate(state, MAX).value).toMatchObject({ mode: 'global' });
  const job = set(set(blank(), 'mode', 'global-job'), 'update.delay', 'soon');
  expect(checkCreate(job, MAX).value).not.toHaveProperty('update');
});

test('any form has errors at its own fields, or a body that the server accepts', () => {
  fc.assert(
    fc.property(aFormState(), (state) => {
      const { value, errors } = checkCreate(state, MAX);
      expect(value === null).toBe(errors.size > 0);
      const fields = fieldsOf(state);
      for (const [field, message] of errors) {
        expect(fields).toContain(field);
        expect(message).not.toBe('');
      }
      if (value === null) return;
      const sent: unknown = JSON.parse(JSON.stringify(value));
      expect(createServiceSchema(MAX).safeParse(sent).success).toBe(true);
    }),
    { numRuns: 200 },
  );
});

/** A service's spec, its form as it was loaded, and as it was edited. */
function anUpdate() {
  const schema = createServiceSchema(MAX);
  return fc
    .tuple(aCreate(), fc.boolean(), aFormState(), fc.array(fc.nat(), { maxLength: 8 }))
    .map(([create, hidden, typed, picks]) => {
      const form = schema.parse(create);
      const spec = specOf(form);
      const loaded = stateOf(formOf(spec), hidden);
      let state = loaded;
      for (const pick of picks) {
        const name = FIELD_NAMES[pick % FIELD_NAMES.length] as FieldName;
        if (!isShown(name, form.mode, 'update')) continue;
        state = set(state, name, typed.values[name]);
      }
      const lists = (Object.keys(LISTS) as (keyof typeof LISTS)[]).filter((_, at) =>
        picks.some((pick) => pick % 7 === at),
      );
      for (const list of lists) {
        // Removes the first entry and adds what was typed.
        state = { ...state, [list]: [...state[list].slice(1), ...typed[list]] };
      }
      return { spec, loaded, state, hidden };
    });
}

const plain = (state: FormState) => ({
  values: Object.fromEntries(
    FIELD_NAMES.filter((name) => isShown(name, modeOf(state), 'update')).map((name) => {
      const { ifEmpty = '' }: FieldRule = FIELDS[name];
      return [name, state.values[name].trim() || ifEmpty];
    }),
  ),
  constraints: state.constraints.map(({ text }) => text.trim()).sort(),
  preferences: state.preferences.map(({ text }) => text.trim()).sort(),
  pairs: [...state.env, ...state.labels, ...state.containerLabels]
    .map(({ name, value }: PairRow) => `${name}=${value}`)
    .sort(),
  ports: state.ports
    .map((row) => [Number(row.published), Number(row.target), row.protocol, row.mode].join('/'))
    .sort(),
});

test('a change that has no errors is one that the server accepts, and makes the service what the form shows', () => {
  fc.assert(
    fc.property(anUpdate(), ({ spec, loaded, state, hidden }) => {
      const { value, errors } = checkUpdate(loaded, state, spec, MAX);
      expect(value === null).toBe(errors.size > 0);
      const fields = fieldsOf(state);
      for (const field of errors.keys()) expect(fields).toContain(field);
      if (value === null) return;
      const sent: unknown = JSON.parse(JSON.stringify(value));
      const patch = patchServiceSchema(MAX).parse(sent);
      // Labels are not hidden, and may have any value.
      expect(Object.values(patch.env ?? {})).not.toContain('(hidden)');
      const after = stateOf(formOf(patchSpec(spec, patch)), false);
      // The values that the page did not know are those that the service had.
      const known = hidden ? withValues(state, stateOf(formOf(spec), false)) : state;
      const normal = (one: FormState) => {
        const { values, ...lists } = plain(one);
        const form = checkCreate({ ...one, ports: [], env: [] }, 1e6).value;
        // Amounts and durations can be written in several ways.
        const spelled = form ? stateOf(formOf(specOf(form)), false).values : values;
        return { values: plain({ ...one, values: spelled as FormState['values'] }).values, lists };
      };
      expect(normal(after)).toEqual(normal(known));
    }),
    { numRuns: 200 },
  );
});

test('a hidden value is never sent, whatever else changes', () => {
  const values = { SECRET: 'one', OTHER: '(hidden)', EMPTY: '' };
  const create = { name: 'goweb', image: 'goweb:1', env: values };
  const spec = specOf(createServiceSchema(MAX).parse(create));
  const form = formOf(spec);
  const shown = Object.fromEntries(Object.keys(values).map((name) => [name, '(hidden)']));
  const loaded = stateOf({ ...form, env: shown }, true);
  expect(loaded.env.map(({ value, hidden }) => [value, hidden])).toEqual([
    ['', true],
    ['', true],
    ['', true],
  ]);
  fc.assert(
    fc.property(aFormState(), fc.subarray(loaded.env as PairRow[]), (typed, kept) => {
      const state = { ...typed, env: [...kept, newPair('NEW', 'x')] };
      const { env } = patchBody(loaded, state).body as { env: Record<string, string | null> };
      expect(env).toEqual({
        NEW: 'x',
        ...Object.fromEntries(
          Object.keys(values)
            .filter((name) => !kept.some((row) => row.name === name))
            .map((name) => [name, null]),
        ),
      });
    }),
  );
  const [first, ...others] = loaded.env as [PairRow, ...PairRow[]];
  const replaced = { ...loaded, env: [{ ...first, value: 'two' }, ...others] };
  expect(checkUpdate(loaded, replaced, spec, MAX).value).toEqual({ env: { SECRET: 'two' } });
  const again = { ...loaded, env: [newPair('SECRET'), ...others] };
  expect(checkUpdate(loaded, again, spec, MAX).value).toEqual({ env: { SECRET: '' } });
  const copied = { ...loaded, env: [{ ...first, value: '(hidden)' }, ...others] };
  expect(checkUpdate(loaded, copied, spec, MAX).value).toBeNull();
  const changed = { ...loaded, env: [newPair('ADDED', 'y'), ...others] };
  const { value } = checkUpdate(loaded, changed, spec, MAX);
  expect(value).toEqual({ env: { SECRET: null, ADDED: 'y' } });
  expect(formOf(patchSpec(spec, value ?? {})).env).toEqual({
    OTHER: '(hidden)',
    EMPTY: '',
    ADDED: 'y',
  });
});

test('a value that was shown and is “(hidden)” itself stays, and is not refused', () => {
  const spec = specOf(
    createServiceSchema(MAX).parse({ name: 'a', image: 'a', env: { A: '(hidden)', B: '1' } }),
  );
  const loaded = stateOf(formOf(spec), false);
  const state = {
    ...loaded,
    env: loaded.env.map((row) => (row.name === 'B' ? { ...row, value: '2' } : row)),
  };
  expect(checkUpdate(loaded, state, spec, MAX).value).toEqual({ env: { B: '2' } });
});

describe('an error of the server', () => {
  const row = newText('node.role==worker');
  const port = newPort({ target: '1', published: '80' });
  const pair = newPair('a.b', 'c');
  const state = { ...blank(), constraints: [row], ports: [port], env: [pair] };
  const { places } = checkCreate(state, MAX);
  test.each([
    ['name', 'name'],
    ['ports.0.published', `ports.${port.key}.published`],
    ['ports', 'ports'],
    ['constraints.0', `constraints.${row.key}`],
    ['env.a.b', `env.${pair.key}.name`],
    ['env', 'env'],
    ['update', 'update'],
    ['', ''],
  ])('about %s stands at %s', (field, place) => {
    expect(placed([{ field, message: 'no' }], places)).toEqual([{ field: place, message: 'no' }]);
  });

  test('of a patch, too', () => {
    const loaded = { ...blank(), ports: [] };
    const patch = checkUpdate(loaded, { ...state, values: loaded.values }, {}, MAX);
    expect(placed([{ field: 'ports.add.0.published', message: '' }], patch.places)).toEqual([
      { field: `ports.${port.key}.published`, message: '' },
    ]);
  });
});

test('a port is removed without the others of its target', () => {
  const schema = createServiceSchema(MAX);
  const ports = [
    { target: 80, published: 8001 },
    { target: 80, published: 8002 },
    { target: 81, published: 8003 },
  ];
  const spec = specOf(schema.parse({ name: 'a', image: 'a', ports }));
  const loaded = stateOf(formOf(spec), false);
  const state = { ...loaded, ports: loaded.ports.slice(1) };
  const { value } = checkUpdate(loaded, state, spec, MAX);
  expect(formOf(patchSpec(spec, value ?? {})).ports?.map(({ published }) => published)).toEqual([
    8002, 8003,
  ]);
});

test('an image whose name stays is sent only to look up its tag again', () => {
  const image = `carmeloc/goweb:1.0@sha256:${'ab'.repeat(32)}`;
  const spec = specOf(createServiceSchema(MAX).parse({ name: 'a', image }));
  const loaded = stateOf(formOf(spec), false);
  expect(loaded.values.image).toBe('carmeloc/goweb:1.0');
  expect(checkUpdate(loaded, loaded, spec, MAX).value).toEqual({});
  const again = { ...loaded, resolveImage: true };
  expect(checkUpdate(loaded, again, spec, MAX).value).toEqual({ image: 'carmeloc/goweb:1.0' });
});

test('an emptied field is set to what swarm takes without it', () => {
  const spec = specOf(
    createServiceSchema(MAX).parse({
      name: 'a',
      image: 'a',
      limits: { memory: '64M' },
      restart: { delay: '1s' },
      hostname: 'a',
      args: ['a b'],
    }),
  );
  const loaded = stateOf(formOf(spec), false);
  expect(loaded.values.args).toBe("'a b'");
  let state = loaded;
  for (const name of ['limits.memory', 'restart.delay', 'hostname', 'args'] as const) {
    state = set(state, name, ' ');
  }
  expect(checkUpdate(loaded, state, spec, MAX).value).toEqual({
    limits: { memory: '0' },
    restart: { delay: '5s' },
    hostname: '',
    args: [],
  });
});

test('a request that is too long as a whole says so at its longest value', () => {
  const names = [...Array.from({ length: 17 }, (_, at) => `A${at}`), 'B.C'];
  const env = names.map((name, at) => ({
    ...newPair(),
    key: name === 'B.C' ? 'k1' : `j${at}`,
    name,
    value: 'ä'.repeat(name === 'B.C' ? 4096 : 4000),
  }));
  const { value, errors } = checkCreate({ ...blank(), env }, MAX);
  expect(value).toBeNull();
  expect([...errors]).toEqual([
    [
      'env.k1.name',
      expect.stringMatching(/^All values together have 7\d{4} characters, and at most 65536 are/),
    ],
  ]);
  const shorter = env.map((row) => ({ ...row, value: row.value.slice(0, 800) }));
  expect(checkCreate({ ...blank(), env: shorter }, MAX).errors.size).toBe(0);

  const args = set(blank(), 'args', Array.from({ length: 17 }, () => 'x'.repeat(4000)).join(' '));
  expect([...checkUpdate(blank(), args, {}, MAX).errors.keys()]).toEqual(['args']);
});

test('what an older engine does not have is said at its field', () => {
  const engine = { version: '19.03.15', apiVersion: '1.40' };
  const job = set(set(blank(), 'mode', 'replicated-job'), 'limits.pids', '9');
  const { value, errors } = checkCreate(job, MAX, engine);
  expect(value).toBeNull();
  expect([...errors]).toEqual([
    ['mode', 'Docker 19.03 has no jobs; they need Docker 20.10.'],
    ['limits.pids', 'Docker 19.03 has no limit of processes; it needs Docker 20.10.'],
  ]);
  expect(checkCreate(job, MAX, { version: '20.10.5', apiVersion: '1.41' }).errors.size).toBe(0);
  const update = checkUpdate(blank(), set(blank(), 'limits.pids', '9'), {}, MAX, engine);
  expect([...update.errors.keys()]).toEqual(['limits.pids']);
  expect(checkUpdate(blank(), set(blank(), 'hostname', 'a'), {}, MAX, engine).errors.size).toBe(0);
});

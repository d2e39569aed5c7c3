import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aCreate } from '@/tests/factories/service-forms';
import {
  createServiceSchema,
  fieldErrors,
  patchServiceSchema,
  type CreateService,
  type PatchService,
} from './form';
import { formOf } from './form-of';
import { patchNode, patchNodeSchema, undoingPatch } from './node-form';
import { patchErrors, patchSpec } from './patch-spec';
import { specOf } from './spec-of';

const create = createServiceSchema(20);
const patch = patchServiceSchema(20);

/** The errors of a form that has `over` in it, as `field: message`. */
function errorsOf(over: Record<string, unknown>): string[] {
  const parsed = create.safeParse({ name: 'goweb', image: 'carmeloc/goweb:1.0', ...over });
  return fieldErrors(parsed.error).map(({ field, message }) => `${field}: ${message}`);
}

const long = (length: number) => 'a'.repeat(length);

/** The paths of all texts of a value, and of all names of its entries. */
function textsOf(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value === 'string') return [[...path]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => textsOf(one, [...path, key]));
}

/** The value with another text at a path. */
function withText(value: unknown, [key, ...rest]: readonly string[], text: string): unknown {
  if (key === undefined) return text;
  const copy: Record<string, unknown> = Array.isArray(value)
    ? Object.assign([], value)
    : { ...Object(value) };
  copy[key] = withText(copy[key], rest, text);
  return copy;
}

test('a limit counts characters as the API’s document does: an emoji is one', () => {
  const [most, more] = ['🚀'.repeat(4096), '🚀'.repeat(4097)];
  expect(errorsOf({ env: { A: most } })).toEqual([]);
  expect(errorsOf({ args: [most] })).toEqual([]);
  expect(errorsOf({ preferences: [`spread=node.labels.${most.slice(38)}`] })).toEqual([]);
  expect(errorsOf({ hostname: `{{.Node.Hostname}}${most.slice(36)}` })).toEqual([]);
  expect(errorsOf({ args: [more] })).toEqual(['args.0: An argument has at most 4096 characters.']);
});

test('half of a character is refused in every text of every request', () => {
  const HALF = 'This has half of a character, which cannot be sent: type it again.';
  const halves = ['\ud83d', '\ude80', 'a\ud83d b', '\ude80\ud83d', '🚀\ud83d'];
  const check = (schema: typeof create | typeof patch | typeof patchNodeSchema, body: unknown) =>
    fc.assert(
      fc.property(fc.constantFrom(...textsOf(body)), fc.constantFrom(...halves), (path, half) => {
        const { success, error } = schema.safeParse(withText(body, path, half));
        const messages = fieldErrors(error).filter(({ field }) => field === path.join('.'));
        // The words of a list name what can be chosen.
        const isChoice = messages.some(({ message }) => message.startsWith('Choose '));
        expect([path, success, isChoice || messages[0]?.message]).toEqual([
          path,
          false,
          isChoice || HALF,
        ]);
      }),
    );
  fc.assert(
    fc.property(aCreate(), (body) => {
      fc.pre(create.safeParse(body).success);
      check(create, body);
    }),
    { numRuns: 20 },
  );
  const pairs = { a: 'b' };
  check(patch, {
    image: 'goweb:1',
    env: pairs,
    labels: pairs,
    containerLabels: pairs,
    constraints: { add: ['node.role==worker'], remove: ['x'] },
    preferences: { add: ['spread=node.labels.a'], remove: ['x'] },
    command: ['x'],
    args: ['x'],
    hostname: 'h',
    stopGracePeriod: '1s',
    limits: { memory: '64M' },
    update: { delay: '1s', monitor: '1s', order: 'stop-first' },
    restart: { condition: 'any', delay: '1s', window: '1s' },
  });
  check(patchNodeSchema, { availability: 'active', labels: pairs });
  for (const name of ['env', 'labels', 'containerLabels']) {
    expect(errorsOf({ [name]: { '\ud83d': 'a' } })).toEqual([`${name}.\ud83d: ${HALF}`]);
  }
  expect(errorsOf({ labels: { '🚀': '🚀' } })).toEqual([]);
});

describe('a field that is wrong has one message, at its own path', () => {
  const FORMAT =
    'This is not the name of an image: write it as goweb:1.0, user/goweb:1.0 or registry.example:5000/goweb:1.0.';
  test.each<[string, Record<string, unknown>, string]>([
    ['missing', { name: undefined }, 'name: A name has to be text.'],
    ['empty', { name: '' }, 'name: A name is required.'],
    ['too long', { name: long(64) }, 'name: A name has at most 63 characters.'],
    ['unicode', { name: 'gowéb' }, 'name: A name has letters (a to z), digits, - and _ only.'],
    ['shell', { name: 'a;rm -rf /' }, 'name: A name has letters (a to z), digits, - and _ only.'],
    ['dash', { name: '-goweb' }, 'name: A name starts and ends with a letter or a digit.'],
    ['a dash last', { name: 'goweb-' }, 'name: A name starts and ends with a letter or a digit.'],
    ['no text', { name: 7 }, 'name: A name has to be text.'],
    ['empty', { image: '' }, 'image: An image is required.'],
    ['spaces', { image: 'go web' }, `image: ${FORMAT}`],
    ['shell', { image: '$(id)' }, `image: ${FORMAT}`],
    ['upper case', { image: 'Goweb' }, 'image: The name of an image has to be in lower case.'],
    ['a scheme', { image: 'https://a/b' }, `image: ${FORMAT}`],
    ['too long', { image: long(256) }, 'image: The name of an image has at most 255 characters.'],
    [
      'far too long',
      { image: long(9000) },
      'image: The name of an image has at most 255 characters.',
    ],
    [
      'a tag',
      { image: `a:${long(129)}` },
      'image: A tag has 1 to 128 letters, digits, dots, - and _, and starts with a letter, a digit or _.',
    ],
    [
      'an empty tag',
      { image: 'a:' },
      'image: A tag has 1 to 128 letters, digits, dots, - and _, and starts with a letter, a digit or _.',
    ],
    [
      'a digest',
      { image: 'a@sha256:12' },
      'image: The digest after @ has to be sha256: and 64 hexadecimal digits.',
    ],
    [
      'an id',
      { image: 'ab'.repeat(32) },
      'image: This is the id of an image: swarm needs the name of one in a registry.',
    ],
    [
      'a mode',
      { mode: 'everywhere' },
      'mode: Choose replicated, global, replicated-job or global-job.',
    ],
    [
      'negative',
      { replicas: -1 },
      'replicas: Enter a whole number from 0 to 20, the limit set by MAX_REPLICAS.',
    ],
    [
      'too many',
      { replicas: 21 },
      'replicas: Enter a whole number from 0 to 20, the limit set by MAX_REPLICAS.',
    ],
    [
      'half',
      { replicas: 1.5 },
      'replicas: Enter a whole number from 0 to 20, the limit set by MAX_REPLICAS.',
    ],
    [
      'a text',
      { replicas: '3' },
      'replicas: Enter a whole number from 0 to 20, the limit set by MAX_REPLICAS.',
    ],
    [
      'global',
      { mode: 'global', replicas: 3 },
      'replicas: A global service has no number of replicas: it runs a task on every node.',
    ],
    [
      'global',
      { mode: 'global', maxPerNode: 1 },
      'maxPerNode: A global service has no maximum per node: it runs one task on each.',
    ],
    [
      'no job',
      { maxConcurrent: 1 },
      'maxConcurrent: Only a replicated job has a number of tasks at the same time.',
    ],
    [
      'a job',
      { mode: 'global-job', update: {} },
      'update: A job has no update policy: each change starts it again.',
    ],
    ['0', { ports: [{ target: 0 }] }, 'ports.0.target: Enter a whole number from 1 to 65535.'],
    [
      'too high',
      { ports: [{ target: 80, published: 65_536 }] },
      'ports.0.published: Enter a whole number from 0 to 65535.',
    ],
    [
      'a protocol',
      { ports: [{ target: 80, protocol: 'http' }] },
      'ports.0.protocol: Choose tcp, udp or sctp.',
    ],
    [
      'twice',
      {
        ports: [
          { target: 1, published: 80 },
          { target: 2, published: 80, mode: 'host' },
        ],
      },
      'ports.1.published: Port 80/tcp is published twice.',
    ],
    ['no list', { ports: {} }, 'ports: This has to be a list.'],
    [
      'too many',
      { args: Array.from({ length: 101 }, () => '') },
      'args: A list has at most 100 entries.',
    ],
    ['empty', { env: { '': 'a' } }, 'env.: A name is required.'],
    ['=', { env: { 'A=B': 'a' } }, 'env.A=B: The name of a variable cannot contain =.'],
    [
      'control',
      { env: { 'A\nB': 'a' } },
      'env.A\nB: The name of a variable cannot contain control characters.',
    ],
    [
      'a space',
      { env: { ' A': 'a' } },
      'env. A: The name of a variable cannot start or end with a space.',
    ],
    ['NUL', { env: { A: 'a\0' } }, 'env.A: A value cannot contain the character NUL.'],
    ['too long', { env: { A: long(4097) } }, 'env.A: A value has at most 4096 characters.'],
    ['a number', { env: { A: 1 } }, 'env.A: A value has to be text.'],
    [
      'too many',
      { env: Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`A${at}`, ''])) },
      'env: There are at most 100 entries.',
    ],
    ['no object', { env: ['A=b'] }, 'env: This has to be an object of values by name.'],
    [
      'a space',
      { labels: { 'a b': '' } },
      'labels.a b: The name of a label cannot contain spaces and control characters.',
    ],
    [
      'reserved',
      { containerLabels: { 'com.docker.swarm.task': 'x' } },
      'containerLabels.com.docker.swarm.task: Swarm sets the labels that start with com.docker.swarm. itself.',
    ],
    ['empty', { constraints: [''] }, 'constraints.0: A constraint is required.'],
    [
      'one =',
      { constraints: ['node.role=worker'] },
      'constraints.0: A constraint needs == or !=, as in node.labels.disk==ssd or node.role!=manager.',
    ],
    [
      'no name',
      { constraints: ['==worker'] },
      'constraints.0: Before == a constraint has the name of a fact, such as node.hostname or node.labels.disk.',
    ],
    [
      'unicode',
      { constraints: ['node.labels.a!=é'] },
      'constraints.0: After != a constraint has a value of letters (a to z), digits and : - _ . * ( ) ? + [ ] \\ ^ $ | /.',
    ],
    [
      'binpack',
      { preferences: ['binpack=node.labels.a'] },
      'preferences.0: Swarm knows one kind of preference: spread=node.labels.NAME.',
    ],
    [
      'no label',
      { preferences: ['spread=node.hostname'] },
      'preferences.0: Swarm spreads over labels only: spread=node.labels.NAME or spread=engine.labels.NAME.',
    ],
    ['negative', { limits: { cpus: -1 } }, 'limits.cpus: A number of CPUs cannot be negative.'],
    [
      'too little',
      { limits: { cpus: 0.0001 } },
      'limits.cpus: Swarm accepts 0.001 CPUs or more, or 0 for none.',
    ],
    [
      'too precise',
      { limits: { cpus: 0.123_456_789_12 } },
      'limits.cpus: A number of CPUs has at most nine decimal places.',
    ],
    [
      'a text',
      { limits: { cpus: '1' } },
      'limits.cpus: Enter a number of CPUs such as 0.5, or 0 for none.',
    ],
    [
      'too little',
      { reservations: { memory: '3M' } },
      'reservations.memory: Swarm accepts 4M or more, or 0 for none.',
    ],
    [
      'negative',
      { limits: { memory: '-64M' } },
      'limits.memory: An amount of memory cannot be negative.',
    ],
    [
      'no size',
      { limits: { memory: 'much' } },
      'limits.memory: Enter an amount of memory such as 64M or 1G, or 0 for none.',
    ],
    [
      'too much',
      { limits: { memory: '9000P' } },
      'limits.memory: An amount of memory is at most 8191T.',
    ],
    ['no unit', { update: { delay: '10' } }, 'update.delay: Add a unit: 10s, 10ms or 10m.'],
    ['negative', { update: { monitor: '-1s' } }, 'update.monitor: A duration cannot be negative.'],
    [
      'words',
      { restart: { delay: 'ten seconds' } },
      'restart.delay: Enter a duration such as 10s, 1m30s or 500ms.',
    ],
    ['too long', { stopGracePeriod: '9999h' }, 'stopGracePeriod: A duration is at most 2501h0m0s.'],
    [
      'too high',
      { update: { maxFailureRatio: 2 } },
      'update.maxFailureRatio: Enter a number from 0 to 1.',
    ],
    [
      'rollback of a rollback',
      { rollback: { failureAction: 'rollback' } },
      'rollback.failureAction: Choose pause or continue.',
    ],
    [
      'spaces',
      { hostname: 'a b' },
      'hostname: A hostname has letters (a to z), digits, dots and -, and starts and ends with a letter or a digit.',
    ],
    ['too long', { hostname: long(64) }, 'hostname: A hostname has at most 63 characters.'],
    ['NUL', { args: ['\0'] }, 'args.0: An argument cannot contain the character NUL.'],
    ['unknown', { colour: 'red' }, 'colour: There is no such field.'],
    ['unknown, nested', { update: { speed: 1 } }, 'update.speed: There is no such field.'],
  ])('%s: %j', (_, over, error) => expect(errorsOf(over)).toEqual([error]));

  test('several fields at once', () => {
    expect(errorsOf({ name: '', replicas: -1, ports: [{ target: 0 }] })).toHaveLength(3);
  });
});

test.each([
  'goweb',
  'goweb:1.0',
  'carmeloc/goweb:1.0',
  'localhost/goweb',
  'localhost:5000/a/b/c:x-y.z',
  '[::1]:5000/goweb',
  'GOWEB.example/a',
  'a__b/c--d.e_f',
  `a:1@sha256:${'0a'.repeat(32)}`,
])('accepts the image %s', (image) => expect(errorsOf({ image })).toEqual([]));

test('a form is what its spec is read as', () => {
  fc.assert(
    fc.property(aCreate(), (input: CreateService) => {
      const spec = specOf(create.parse(input));
      expect(specOf(create.parse(formOf(spec)))).toEqual(spec);
    }),
  );
});

describe('a patch', () => {
  const spec = specOf(
    create.parse({
      name: 'goweb',
      image: 'carmeloc/goweb:1.0',
      ports: [{ target: 8080, published: 8888 }],
      labels: { a: '1' },
      constraints: ['node.role==worker'],
    }),
  );
  const errorsIn = (change: unknown) =>
    fieldErrors(patch.safeParse(change).error).map(({ field, message }) => `${field}: ${message}`);

  test('has the same errors as a form, at the paths of what it adds', () => {
    expect(errorsIn({ constraints: { add: ['node.role=worker'] } })).toEqual([
      'constraints.add.0: A constraint needs == or !=, as in node.labels.disk==ssd or node.role!=manager.',
    ]);
    expect(errorsIn({ env: { '': 'a' } })).toEqual(['env.: A name is required.']);
    expect(errorsIn({ name: 'other' })).toEqual(['name: There is no such field.']);
  });

  test('removes what could not be added', () => {
    expect(
      errorsIn({ labels: { 'com.docker.swarm.x': null }, constraints: { remove: ['nonsense'] } }),
    ).toEqual([]);
  });

  test.each<[string, PatchService, string[]]>([
    ['the same port', { ports: { add: [{ target: 8080, published: 8888 }] } }, []],
    [
      'a port that is taken by another target',
      { ports: { add: [{ target: 1, published: 8888 }] } },
      ['ports.add.0.published: Port 8888/tcp is published twice.'],
    ],
    [
      'a port whose target moves',
      { ports: { remove: [{ target: 8080 }], add: [{ target: 1, published: 8888 }] } },
      [],
    ],
  ])('publishes %s', (_, change, errors) => {
    expect(
      patchErrors(spec, patch.parse(change)).map(({ field, message }) => `${field}: ${message}`),
    ).toEqual(errors);
  });

  test('publishes no port of the routing mesh without a virtual IP', () => {
    const dnsrr = { ...spec, EndpointSpec: { Mode: 'dnsrr' } };
    const add = [{ target: 1, mode: 'host' as const }, { target: 2 }];
    expect(patchErrors(dnsrr, patch.parse({ ports: { add } }))).toEqual([
      { field: 'ports.add.1.mode', message: expect.stringContaining('host mode') },
    ]);
    expect(patchErrors(spec, patch.parse({ ports: { add } }))).toEqual([]);
  });

  test('sets no number of replicas beside a mode that is not known', () => {
    const odd = { ...spec, Mode: { Daemon: {} } };
    expect(patchErrors(odd, patch.parse({ replicas: 2 }))).toEqual([
      { field: 'replicas', message: expect.stringContaining('mode of this service is not known') },
    ]);
    expect(patchErrors(odd, patch.parse({ env: { A: 'b' } }))).toEqual([]);
  });

  test('scales a job alone', () => {
    const job = specOf(create.parse({ name: 'j', image: 'a', mode: 'replicated-job' }));
    expect(patchErrors(job, patch.parse({ replicas: 2 }))).toEqual([]);
    expect(patchErrors(job, patch.parse({ replicas: 2, env: { A: 'b' } }))).toEqual([
      {
        field: 'replicas',
        message: 'A job is scaled alone: each change of a job starts it again.',
      },
    ]);
    expect(patchSpec(job, patch.parse({ replicas: 2 }))).toMatchObject({
      Mode: { ReplicatedJob: { MaxConcurrent: 1, TotalCompletions: 2 } },
    });
  });

  test('without changes returns the same spec', () => {
    const nothing = {
      labels: {},
      env: {},
      constraints: {},
      ports: { add: [] },
      limits: {},
      update: {},
    };
    expect(patchSpec(spec, patch.parse(nothing))).toBe(spec);
  });

  test('that removes what is not there returns the same spec', () => {
    const change = {
      labels: { none: null },
      containerLabels: { none: null },
      env: { NONE: null },
      constraints: { remove: ['node.role!=manager'] },
      preferences: { remove: ['spread=node.labels.none'] },
      ports: { remove: [{ target: 1 }] },
      args: [],
      maxPerNode: 0,
    };
    expect(patchSpec(spec, patch.parse(change))).toBe(spec);
    const bare = { Name: 'bare', TaskTemplate: { ContainerSpec: { Image: 'a', Env: null } } };
    expect(patchSpec(bare, patch.parse(change))).toBe(bare);
    // The last one is a change.
    expect(patchSpec(spec, patch.parse({ labels: { a: null } }))).toEqual({ ...spec, Labels: {} });
  });

  test('starts a policy that the spec does not have from the client’s defaults', () => {
    expect(patchSpec(spec, patch.parse({ update: { delay: '2s' } }))).toMatchObject({
      UpdateConfig: { Parallelism: 1, Delay: 2e9, FailureAction: 'pause', Monitor: 5e9 },
    });
  });

  test('of a node is undone by another one', () => {
    const name = fc.constantFrom('a', 'b', 'constructor');
    const value = fc.constantFrom('', '1', '2');
    const node = fc.record({
      Role: fc.constantFrom('worker', 'manager'),
      Availability: fc.constantFrom('active', 'pause', 'drain'),
      Labels: fc.dictionary(name, value),
    });
    const change = fc.record(
      {
        role: fc.constantFrom('worker', 'manager'),
        availability: fc.constantFrom('active', 'pause', 'drain'),
        labels: fc.dictionary(name, fc.option(value)),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(node, change, (before, wanted) => {
        const made = patchNodeSchema.parse(wanted);
        const after = patchNode(before, made);
        const undo = undoingPatch(before, made);
        expect(undo ? patchNode(after, undo) : after).toEqual(before);
      }),
    );
    // An engine's word that cannot be set.
    expect(undoingPatch({ Availability: 'odd' }, { availability: 'drain' })).toBeNull();
  });

  test('of a node keeps what it does not name', () => {
    expect(patchNode({ Role: 'worker' }, { role: 'manager', labels: { a: '1' } })).toEqual({
      Role: 'manager',
      Labels: { a: '1' },
    });
    expect(patchNode({ Availability: 'drain' }, { availability: 'active' })).toEqual({
      Availability: 'active',
    });
    const node = { Role: 'worker', Availability: 'active', Labels: { a: '1', b: '2' }, Extra: [1] };
    expect(patchNode(node, patchNodeSchema.parse({ labels: { a: null, c: '' } }))).toEqual({
      ...node,
      Labels: { b: '2', c: '' },
    });
    expect(fieldErrors(patchNodeSchema.safeParse({ availability: 'off' }).error)).toEqual([
      { field: 'availability', message: 'Choose active, pause or drain.' },
    ]);
  });
});

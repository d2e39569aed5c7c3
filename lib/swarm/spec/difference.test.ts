import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aCreate, aPatch } from '@/tests/factories/service-forms';
import { specDifference } from './difference';
import { LISTS, VALUES } from './difference-fields';
import { createServiceSchema, patchServiceSchema } from './form';
import { patchSpec } from './patch-spec';
import { specOf } from './spec-of';

const create = createServiceSchema(1000);
const patch = patchServiceSchema(1000);
const texts = (...[before, after, options]: Parameters<typeof specDifference>) =>
  specDifference(before, after, options).map(({ text }) => text);

const BASE = specOf(
  create.parse({
    name: 'goweb',
    image: 'carmeloc/goweb:1.0',
    replicas: 3,
    ports: [{ target: 8080, published: 8888 }],
    env: { COLOR: 'green' },
    constraints: ['node.role==worker'],
  }),
);

test('a value cannot look like another one, or like a word of the page', () => {
  const before = { Labels: { a: 'x' } };
  expect(texts(before, { Labels: { a: 'x\u202edevomer\ny' } })).toEqual([
    String.raw`Label a: x → x\u202edevomer\ny`,
  ]);
  expect(texts(before, { Labels: { a: 'x', '\u202eb': 'v' } })).toEqual([
    String.raw`Label \u202eb added: v`,
  ]);
});

test('shows its sender the values that a request has itself', () => {
  const before = specOf(create.parse({ name: 'a', image: 'a', env: { A: 'old', B: 'secret' } }));
  const after = patchSpec(before, patch.parse({ env: { A: 'new', B: null, C: 'c' } }));
  const given = new Set(['A', 'B', 'C']);
  expect(texts(before, after, { given })).toEqual([
    'Variable A changed: new',
    'Variable B removed',
    'Variable C added: c',
  ]);
  expect(texts(before, after, { given, secrets: true })).toEqual([
    'Variable A: old → new',
    'Variable B removed: secret',
    'Variable C added: c',
  ]);
});

describe('each change has one line', () => {
  test.each<[object, string[]]>([
    [{ image: 'carmeloc/goweb:1.1' }, ['Image: carmeloc/goweb:1.0 → carmeloc/goweb:1.1']],
    [{ replicas: 5 }, ['Replicas: 3 → 5']],
    [{ replicas: 0 }, ['Replicas: 3 → 0']],
    [
      {
        ports: {
          remove: [{ target: 8080 }],
          add: [{ target: 8080, published: 8889, mode: 'host' }],
        },
      },
      [
        'Published port 8888 → 8080/tcp removed',
        'Published port 8889 → 8080/tcp (on the node’s own address) added',
      ],
    ],
    [{ env: { COLOR: 'red', A: '' } }, ['Variable COLOR changed', 'Variable A added']],
    [{ env: { COLOR: null } }, ['Variable COLOR removed']],
    [
      { constraints: { add: ['node.labels.a==b'], remove: ['node.role==worker'] } },
      ['Constraint node.role==worker removed', 'Constraint node.labels.a==b added'],
    ],
    [
      { preferences: { add: ['spread=node.labels.zone'] } },
      ['Preference spread=node.labels.zone added'],
    ],
    [{ labels: { tier: 'front' } }, ['Label tier added: front']],
    [{ maxPerNode: 2 }, ['Maximum replicas per node: no limit → 2']],
    [
      { limits: { cpus: 0.5, memory: '64M' } },
      ['CPU limit: none → 0.5', 'Memory limit: none → 64M'],
    ],
    [
      { update: { parallelism: 0, failureAction: 'rollback' } },
      ['Update parallelism: 1 → all at once', 'Update failure action: pause → rollback'],
    ],
    [{ update: { parallelism: 1 } }, []],
    [{ restart: { delay: '1m' } }, ['Restart delay: 5s → 1m0s']],
    [{ args: ['-port', '1 2'] }, [`Arguments: the image’s own → -port '1 2'`]],
    [{ hostname: '{{.Node.Hostname}}' }, ['Hostname: the container’s id → {{.Node.Hostname}}']],
    [{ stopGracePeriod: '10s' }, ['Stop grace period added: 10s']],
  ])('%j', (change, lines) => {
    expect(texts(BASE, patchSpec(BASE, patch.parse(change)))).toEqual(lines);
  });

  test('the values of variables, and the names of secrets, only on request', () => {
    const withSecret = (name: string, color: string) => ({
      TaskTemplate: {
        ContainerSpec: { Env: [`COLOR=${color}`], Secrets: [{ SecretName: name, SecretID: 'x' }] },
      },
    });
    const [before, after] = [withSecret('password', 'green'), withSecret('token', 'red')];
    expect(texts(before, after)).toEqual([
      'Variable COLOR changed',
      'Secret removed',
      'Secret added',
    ]);
    expect(JSON.stringify(specDifference(before, after))).not.toMatch(/password|token|green|red/);
    expect(texts(before, after, { secrets: true })).toEqual([
      'Variable COLOR: green → red',
      'Secret password removed: SecretID: x, SecretName: password',
      'Secret token added: SecretID: x, SecretName: token',
    ]);
  });

  test('the values of options of drivers only on request', () => {
    const driven = (secret: string, more: object = {}) => ({
      TaskTemplate: {
        ContainerSpec: {
          Mounts: [
            {
              Target: '/a',
              VolumeOptions: { DriverConfig: { Options: { o: secret } } },
              ...more,
            },
            { VolumeOptions: { DriverConfig: { Options: { o: secret } } } },
          ],
        },
        LogDriver: { Options: { 'splunk-token': secret } },
        Networks: [{ Target: 'net', DriverOpts: { key: secret } }],
      },
      Networks: [{ Target: 'net', DriverOpts: { key: secret } }],
    });
    const [before, after] = [driven('planted'), driven('planted2')];
    const nameless = '{"VolumeOptions":{"DriverConfig":{"Options":{"o":"(hidden)"}}}}';
    expect(texts(before, after)).toEqual([
      'Mount /a changed',
      `Mount ${nameless} removed: VolumeOptions: {"DriverConfig":{"Options":{"o":"(hidden)"}}}`,
      `Mount ${nameless} added: VolumeOptions: {"DriverConfig":{"Options":{"o":"(hidden)"}}}`,
      'Log option splunk-token changed',
      'Network net changed',
      'Networks.0.DriverOpts.key changed',
    ]);
    expect(JSON.stringify(specDifference(before, after))).not.toContain('planted');
    const [mount] = texts(before, driven('planted2', { ReadOnly: true }));
    expect(mount).toMatch(/^Mount \/a: Target.*hidden.* → ReadOnly: true, .*hidden/);
    expect(texts(before, after, { secrets: true })).toContain(
      'Log option splunk-token: planted → planted2',
    );
    // What is no list of variables has no names that could be shown.
    const odd = (Env: unknown) => ({ TaskTemplate: { ContainerSpec: { Env } } });
    expect(texts(odd([1]), odd([{ TOKEN: 'planted' }]))).toEqual([
      'Variable removed',
      'Variable added',
    ]);
  });

  test('a list in another order', () => {
    const list = (...Args: string[]) => ({ TaskTemplate: { ContainerSpec: { Hosts: Args } } });
    expect(texts(list('a', 'b'), list('b', 'a'))).toEqual(['Order of Host entry changed']);
    const unknown = (...x: unknown[]) => ({ x });
    expect(texts(unknown(1, { a: 1 }), unknown(1, { a: 2 }))).toEqual(['x.1.a: 1 → 2']);
    expect(texts(unknown(1), unknown(1, 2))).toEqual(['x: [1] → [1,2]']);
  });

  test('what is not known has its path', () => {
    const before = { TaskTemplate: { ContainerSpec: { Privileges: { NoNewPrivileges: true } } } };
    const after = { TaskTemplate: { ContainerSpec: { Privileges: {} } }, New: [{ a: 1 }] };
    expect(texts(before, after)).toEqual([
      'TaskTemplate.ContainerSpec.Privileges.NoNewPrivileges removed: true',
      'New added: [{"a":1}]',
    ]);
  });
});

test('specs that swarm treats alike do not differ', () => {
  const bare = { Name: 'a', TaskTemplate: { ContainerSpec: { Image: 'a' } }, Mode: { Global: {} } };
  expect(
    texts(bare, {
      ...bare,
      Labels: {},
      TaskTemplate: {
        ContainerSpec: { Image: 'a', Env: [], DNSConfig: {}, Isolation: 'default', Init: false },
        Resources: { Limits: {}, Reservations: { NanoCPUs: 0 } },
        ForceUpdate: 0,
        Runtime: 'container',
      },
      UpdateConfig: { Parallelism: 1, Monitor: 5e9, FailureAction: 'pause', Order: 'stop-first' },
      EndpointSpec: { Mode: 'vip' },
    }),
  ).toEqual([]);
});

test('a default of a task that is written where none was is a difference, as swarm replaces the task', () => {
  const bare = { TaskTemplate: { ContainerSpec: { Image: 'a' } } };
  const written = patchSpec(bare, { stopGracePeriod: '10s', restart: { condition: 'any' } });
  expect(texts(bare, written)).toEqual([
    'Stop grace period added: 10s',
    'Restart condition added: any',
    'Restart delay added: 5s',
    'Maximum restarts added: no limit',
  ]);
  expect(texts(written, bare)).toContain('Stop grace period removed: 10s');
  expect(texts(bare, patchSpec(bare, { restart: { delay: '1s' } }))).toEqual([
    'Restart delay: 5s → 1s',
  ]);
});

test('nothing that a patch changes is left out, and back is the same lines', () => {
  fc.assert(
    fc.property(aCreate(), aPatch(), (input, change) => {
      const before = specOf(create.parse(input));
      const after = patchSpec(before, patch.parse({ ...change, image: 'other:2' }));
      const there = specDifference(before, after);
      expect(there.map(({ label }) => label)).toContain('Image');
      const back = specDifference(after, before);
      const paths = (all: typeof there) => [...new Set(all.map(({ path }) => path))].sort();
      expect(paths(back)).toEqual(paths(there));
    }),
  );
});

test('every changed part of any spec has a line', () => {
  const path = fc.constantFrom(
    ...[...LISTS.keys()].map((one) => one.split('.')),
    ['TaskTemplate', 'ContainerSpec', 'Image'],
    ['TaskTemplate', 'ContainerSpec', 'Privileges', 'x'],
    ['TaskTemplate', 'PluginSpec'],
    ['Mode', 'x'],
    ['x', 'y', 'z'],
  );
  const json = fc.jsonValue({ maxDepth: 3 });
  fc.assert(
    fc.property(path, json, json, (keys, from, to) => {
      fc.pre(simple(from) !== simple(to));
      const spec = (value: unknown) =>
        keys.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as object;
      const lines = specDifference({ ...spec(from) }, { ...spec(to) }, { secrets: true });
      expect(lines.length).toBeGreaterThan(0);
      for (const line of lines) expect(line.path.startsWith(keys.slice(0, 1).join('.'))).toBe(true);
    }),
  );
});

test('a single value in place of a list is a change', () => {
  const lines = (from: unknown, to: unknown) =>
    specDifference({ EndpointSpec: { Ports: from } }, { EndpointSpec: { Ports: to } });
  expect(lines(false, [false])).toMatchObject([{ path: 'EndpointSpec.Ports', kind: 'changed' }]);
  expect(lines([false], [false])).toEqual([]);
});

test('any value in any place has words, and equal ones have none', () => {
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom<unknown>(0, 1, 5e9, -1, 1.5, '', true, false, null, [''], [null], [{}], {}),
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...VALUES.keys(), ...LISTS.keys()),
      value,
      value,
      (path, from, to) => {
        const spec = (one: unknown) =>
          path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), one) as object;
        for (const line of specDifference({ ...spec(from) }, { ...spec(to) })) {
          expect(line).toMatchObject({ path, text: expect.stringContaining(line.label) });
        }
        expect(specDifference({ ...spec(from) }, { ...spec(from) })).toEqual([]);
      },
    ),
    { numRuns: 500 },
  );
});

/** JSON without what Go leaves out, keys in one order. */
function simple(value: unknown): string {
  const clean = (one: unknown): unknown => {
    if (Array.isArray(one))
      return one.length === 0 ? undefined : one.map((entry) => clean(entry) ?? null);
    if (typeof one !== 'object' || one === null)
      return one === null || one === '' ? undefined : one;
    const entries = Object.entries(one)
      .map(([key, entry]) => [key, clean(entry)] as const)
      .filter(([, entry]) => entry !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return entries.length === 0 ? undefined : Object.fromEntries(entries);
  };
  return JSON.stringify(clean(value)) ?? '';
}

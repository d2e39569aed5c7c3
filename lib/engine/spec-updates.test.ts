import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { SpecEngine } from '@/tests/support/spec-engine';
import { dockerEngine } from './docker-engine';
import type { Engine } from './engine';

let server: SpecEngine;
let engine: Engine;

/** A spec with what this version does not know, integers that no number holds, and an odd order of fields. */
const SERVICE =
  '{"Zeta":{"new":[1,null,{"deep":18446744073709551615}]},"Name":"goweb","Labels":{"__proto__":"x","a":"b"},' +
  '"TaskTemplate":{"ContainerSpec":{"Image":"carmeloc/goweb:1.0@sha256:abc"},"RestartPolicy":{"Window":9223372036854775807},"ForceUpdate":3},' +
  '"Mode":{"Replicated":{"Replicas":3}}}';
const NODE =
  '{"Labels":{"disk":"ssd"},"Role":"worker","Availability":"active","Future":{"big":9007199254740993}}';

beforeEach(async () => {
  server = await new SpecEngine().listen();
  server.entities.set('goweb', { version: 7, spec: SERVICE });
  server.entities.set('zero1', { version: 2, spec: NODE });
  engine = dockerEngine({ kind: 'unix', socketPath: server.socketPath });
});

const posted = () => server.requests.filter((request) => request.startsWith('POST'));

describe('a change of a spec', () => {
  test('writes everything back as it was, to the last digit and in its order', async () => {
    await engine.scale('goweb', 5);
    await engine.setAvailability('zero1', 'drain');
    expect(server.bodies).toEqual([
      SERVICE.replace('"Replicas":3', '"Replicas":5'),
      NODE.replace('"active"', '"drain"'),
    ]);
    expect(posted()).toEqual([
      'POST /services/goweb/update?version=7',
      'POST /nodes/zero1/update?version=2',
    ]);
  });

  test('writes nothing if nothing changes, unless its sender wants that', async () => {
    await engine.scale('goweb', 3);
    const same = await engine.changeService('goweb', (spec) => ({ ...spec }));
    expect(same.written).toBe(false);
    expect(posted()).toEqual([]);
    await engine.changeService('goweb', (spec) => spec, { sendSame: () => true });
    expect(server.bodies).toEqual([SERVICE]);
  });

  test('starts again from the new spec after a change by somebody else', async () => {
    let changes = 0;
    server.afterRead = (id) => {
      if (++changes <= 3) server.write(id, SERVICE.replace('goweb:1.0', `goweb:1.${changes}`));
    };
    const { before, written } = await engine.changeService('goweb', (spec) => ({
      ...spec,
      Labels: {},
    }));
    expect(written).toBe(true);
    expect(JSON.stringify(before.Spec)).toContain('goweb:1.3');
    expect(server.entities.get('goweb')?.spec).toContain('goweb:1.3');
  });

  test('gives up after twelve conflicts, and the next change still runs', async () => {
    server.afterRead = (id) => server.write(id, server.entities.get(id)?.spec ?? '');
    await expect(engine.scale('goweb', 4)).rejects.toMatchObject({ kind: 'out-of-sequence' });
    expect(posted()).toHaveLength(12);
    server.afterRead = () => {};
    await expect(engine.scale('goweb', 4)).resolves.toEqual({ from: 3, to: 4 });
  });

  test('that throws posts nothing', async () => {
    const failing = engine.changeService('goweb', () => {
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(posted()).toEqual([]);
  });

  test('checks what its sender expects before each attempt', async () => {
    let reads = 0;
    server.afterRead = (id) => {
      if (++reads === 1) server.write(id, SERVICE.replace('goweb:1.0', 'goweb:2.0'));
    };
    const check = ({ Version }: { Version: { Index: number } }) => {
      if (Version.Index !== 7) throw new Error('changed');
    };
    await expect(
      engine.changeService('goweb', (spec) => ({ ...spec, Labels: {} }), { check }),
    ).rejects.toThrow('changed');
    expect(server.entities.get('goweb')?.spec).toContain('goweb:2.0');
  });

  test('that cannot be written back is not written', async () => {
    server.entities.set('goweb', {
      version: 1,
      spec: SERVICE.replace('"Replicas":3', '"Replicas":"many"'),
    });
    await expect(engine.restartService('goweb')).rejects.toMatchObject({
      kind: 'engine-error',
      message: expect.stringContaining('`Spec.Mode.Replicated.Replicas` ("many")'),
    });
    expect(posted()).toEqual([]);
  });

  test('rejects a name that is another path', async () => {
    for (const name of ['../nodes', 'a/b', 'a?b', '', '.', '%2e%2e']) {
      await expect(engine.changeService(name, (spec) => spec)).rejects.toMatchObject({
        kind: 'not-found',
      });
      await expect(engine.removeNode(name)).rejects.toMatchObject({ kind: 'not-found' });
    }
    expect(server.requests).toEqual([]);
  });
});

test('a restart counts ForceUpdate up and keeps the digest', async () => {
  await engine.restartService('goweb');
  expect(server.bodies).toEqual([SERVICE.replace('"ForceUpdate":3', '"ForceUpdate":4')]);
});

describe('a rollback', () => {
  const FIVE = SERVICE.replace('"Replicas":3', '"Replicas":5');

  test('posts the whole current spec; a second one swaps back', async () => {
    server.write('goweb', FIVE);
    const { before } = await engine.rollbackService('goweb');
    expect(before.PreviousSpec).toMatchObject({ Mode: { Replicated: { Replicas: 3 } } });
    expect(server.bodies).toEqual([FIVE]);
    expect(posted()).toEqual(['POST /services/goweb/update?version=8&rollback=previous']);
    expect(server.entities.get('goweb')?.spec).toBe(SERVICE);
    await engine.rollbackService('goweb');
    expect(server.entities.get('goweb')?.spec).toBe(FIVE);
  });

  test('of a service without a previous spec is rejected', async () => {
    await expect(engine.rollbackService('goweb')).rejects.toMatchObject({
      kind: 'no-previous-spec',
    });
    expect(posted()).toEqual([]);
  });

  test('continues after a conflict with a rolling update, which changes no spec', async () => {
    server.write('goweb', FIVE);
    let bumps = 0;
    server.afterRead = (id) => {
      const entity = server.entities.get(id);
      if (entity && ++bumps <= 2) entity.version += 1;
    };
    await engine.rollbackService('goweb');
    expect(server.entities.get('goweb')?.spec).toBe(SERVICE);
  });

  test('never undoes a change that arrived in between', async () => {
    server.write('goweb', FIVE);
    let reads = 0;
    const image = FIVE.replace('goweb:1.0', 'goweb:9.9');
    server.afterRead = (id) => {
      if (++reads === 1) server.write(id, image);
    };
    await expect(engine.rollbackService('goweb')).rejects.toMatchObject({ kind: 'conflict' });
    expect(server.entities.get('goweb')?.spec).toBe(image);
  });
});

test('a removal waits for the changes before it; those after it find nothing', async () => {
  const scaled = engine.scale('goweb', 4);
  const removed = engine.removeService('goweb');
  const late = engine.scale('goweb', 5);
  await expect(scaled).resolves.toEqual({ from: 3, to: 4 });
  expect((await removed).Spec).toMatchObject({ Mode: { Replicated: { Replicas: 4 } } });
  await expect(late).rejects.toMatchObject({ kind: 'not-found' });
  await engine.removeNode('zero1');
  expect(server.requests.filter((request) => request.startsWith('DELETE'))).toEqual([
    'DELETE /services/goweb',
    'DELETE /nodes/zero1',
  ]);
});

describe('what a registry says about an image', () => {
  const answer = (status: number, body: unknown) => {
    server.override = () => ({ status, body: JSON.stringify(body) });
    return engine.distribution('registry.local:5000/user/goweb:1.0');
  };

  test('has the digest and the platforms', async () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    const found = await answer(200, {
      Descriptor: { digest, size: 528 },
      Platforms: [{ architecture: 'arm', os: 'linux', variant: 'v6' }, { os: 'linux' }],
    });
    expect(found).toEqual({
      state: 'found',
      digest,
      platforms: [
        { architecture: 'arm', os: 'linux', variant: 'v6' },
        { architecture: '', os: 'linux', variant: '' },
      ],
    });
    expect(server.requests).toEqual(['GET /distribution/registry.local:5000/user/goweb:1.0/json']);
  });

  test.each([
    [404, 'manifest unknown: manifest unknown', 'missing'],
    [404, 'page not found', 'unknown'],
    [401, 'unauthorized: authentication required', 'unknown'],
    [403, 'denied: requested access to the resource is denied', 'unknown'],
    [500, 'Get "https://registry/v2/": dial tcp: lookup registry: no such host', 'unknown'],
  ])('%i %s: %s', async (status, message, state) => {
    expect(await answer(status, { message })).toEqual({ state, reason: expect.any(String) });
  });

  test('is not asked for a name that is none, or that is another path', async () => {
    for (const image of ['', 'UPPER', 'a/../b', '../info', 'a?b', 'a#b', 'a'.repeat(300)]) {
      expect(await engine.distribution(image)).toMatchObject({ state: 'unknown' });
    }
    expect(server.requests).toEqual([]);
  });
});

test('a new join token keeps the rest of the swarm as it is', async () => {
  const Spec = '{"Name":"default","CAConfig":{"NodeCertExpiry":9223372036854775807},"New":1}';
  let version = 10;
  server.override = (method, path) => {
    if (method === 'GET') {
      return {
        status: 200,
        body: `{"ID":"s","Version":{"Index":${version}},"Spec":${Spec},"JoinTokens":{}}`,
      };
    }
    if (path.includes('version=11')) return { status: 200, body: '' };
    version = 11;
    const message = 'rpc error: code = Unknown desc = update out of sequence';
    return { status: 500, body: JSON.stringify({ message }) };
  };
  await engine.rotateJoinToken('worker');
  expect(posted()).toEqual([
    'POST /swarm/update?version=10&rotateWorkerToken=true',
    'POST /swarm/update?version=11&rotateWorkerToken=true',
  ]);
  expect(server.bodies).toEqual([Spec, Spec]);
});

test('any sequence of changes from several clients at once ends with each last accepted value, and loses nothing', async () => {
  type Step = { client: number; field: string; value: number; outside: boolean };
  const FIELDS = ['Replicas', 'Image', 'Env', 'Label'] as const;
  const step = fc.record({
    client: fc.nat({ max: 2 }),
    field: fc.constantFrom(...FIELDS),
    value: fc.nat({ max: 9 }),
    /** Whether another program makes it, past this dashboard. */
    outside: fc.boolean(),
  });
  const apply = (spec: Record<string, unknown>, { field, value }: Step) =>
    field === 'Replicas'
      ? { ...spec, Mode: { Replicated: { Replicas: value } } }
      : { ...spec, [field]: value };
  let round = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const id = `s${++round}`;
      const start = '{"Name":"x","Kept":12345678901234567890,"Mode":{"Replicated":{"Replicas":0}}}';
      server.entities.set(id, { version: 1, spec: start });
      // Two dashboards, each with its own queue.
      const dashboards = [
        engine,
        engine,
        dockerEngine({ kind: 'unix', socketPath: server.socketPath }),
      ];
      const accepted: Step[] = [];
      const before = server.bodies.length;
      await Promise.all(
        steps.map(async (one) => {
          if (one.outside) {
            const now = server.entities.get(id)?.spec ?? '';
            // Past JavaScript's numbers, as a program in Go would.
            const next = JSON.stringify(apply(JSON.parse(now), one)).replace(
              /"Kept":\d+/,
              '"Kept":12345678901234567890',
            );
            server.write(id, next);
            accepted.push(one);
            return;
          }
          await dashboards[one.client]?.changeService(id, (spec) => apply({ ...spec }, one), {
            sendSame: () => true,
          });
          accepted.push(one);
        }),
      );
      const last = server.entities.get(id)?.spec ?? '';
      expect(last).toContain('"Kept":12345678901234567890');
      const end = JSON.parse(last);
      for (const field of FIELDS) {
        const values: unknown[] = accepted.flatMap((one) => (one.field === field ? one.value : []));
        const stands = field === 'Replicas' ? end.Mode.Replicated.Replicas : end[field];
        expect(values.length > 0 ? values : [field === 'Replicas' ? 0 : undefined]).toContain(
          stands,
        );
      }
      // Each write changed one field only, so none undid another one's.
      const specs = [start, ...server.history.flatMap((one) => (one.id === id ? one.spec : []))];
      specs.slice(1).forEach((spec, at) => {
        const [was, is] = [JSON.parse(specs[at] ?? ''), JSON.parse(spec)];
        const differing = ['Mode', ...FIELDS].filter(
          (field) => JSON.stringify(was[field]) !== JSON.stringify(is[field]),
        );
        expect(differing.length).toBeLessThanOrEqual(1);
      });
      expect(specs).toHaveLength(steps.length + 1);
      for (const body of server.bodies.slice(before)) {
        expect(body).toMatch(/^\{"Name":"x","Kept":12345678901234567890,"Mode":/);
      }
    }),
    { numRuns: 40 },
  );
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { startDemo } from '@/demo/demo';
import { loadApp } from '@/tests/support/call-app';
import { jsonOverSocket } from '@/tests/support/unix-socket';

/** What a service should be, and what a rollback restores. */
interface Model {
  now: Facts;
  before: Facts | null;
}
interface Facts {
  replicas: number;
  env: Record<string, string>;
  labels: Record<string, string>;
  image: string;
  restarts: number;
  /** Set by another program only: the dashboard does not know it. */
  foreign: string | null;
}

const NAMES = ['A', 'B', 'C'];
const value = fc.option(fc.string({ unit: 'binary', maxLength: 8 }).filter(isText), { nil: null });
const map = fc.dictionary(fc.constantFrom(...NAMES), value, { maxKeys: 3 });
const step = fc.oneof(
  fc.record({ kind: fc.constant('scale' as const), to: fc.nat({ max: 4 }) }),
  fc.record({ kind: fc.constant('env' as const), change: map }),
  fc.record({ kind: fc.constant('labels' as const), change: map }),
  fc.record({ kind: fc.constant('image' as const), tag: fc.constantFrom('1.0', '1.1', '2.0') }),
  fc.record({ kind: fc.constant('restart' as const) }),
  fc.record({ kind: fc.constant('rollback' as const) }),
  fc.record({
    kind: fc.constant('foreign' as const),
    signal: fc.constantFrom('SIGUSR1', 'SIGUSR2'),
  }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** No lone surrogates, which UTF-8 cannot carry, and no NUL. */
function isText(text: string): boolean {
  return Buffer.from(text).toString() === text && !text.includes('\0');
}

function merged(before: Record<string, string>, change: Record<string, string | null>) {
  const entries = Object.entries({ ...before, ...change });
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => entry[1] !== null),
  );
}

/** The facts after a step; the same object if the step changes nothing. */
function after(facts: Facts, one: Step): Facts {
  switch (one.kind) {
    case 'scale':
      return { ...facts, replicas: one.to };
    case 'env':
      return { ...facts, env: merged(facts.env, one.change) };
    case 'labels':
      return { ...facts, labels: merged(facts.labels, one.change) };
    case 'image':
      return { ...facts, image: `carmeloc/goweb:${one.tag}` };
    case 'restart':
      return { ...facts, restarts: facts.restarts + 1 };
    case 'foreign':
      return { ...facts, foreign: one.signal };
    case 'rollback':
      return facts;
  }
}

test('after any sequence of changes a service is what they add up to, and a rollback restores what was before the last', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'clusterhat-sequences-'));
  const socketPath = join(folder, 'demo.sock');
  const demo = await startDemo({ socketPath, seed: 6, speed: 50, replicas: 0 });
  vi.stubEnv('DOCKER_HOST', `unix://${socketPath}`);
  vi.stubEnv('HOSTNAME', '127.0.0.1');
  vi.stubEnv('LOG_LEVEL', 'error');
  vi.resetModules();
  const call = await loadApp();
  const facts = (): Facts => {
    const { Spec } = demo.swarm.service('sequence').api;
    const { ContainerSpec, ForceUpdate } = Spec.TaskTemplate;
    const env = (ContainerSpec['Env'] ?? []) as string[];
    return {
      replicas: Spec.Mode.Replicated?.Replicas ?? -1,
      env: Object.fromEntries(
        env.map((entry) => [
          entry.slice(0, entry.indexOf('=')),
          entry.slice(entry.indexOf('=') + 1),
        ]),
      ),
      labels: Spec.Labels,
      image: ContainerSpec.Image.replace(/@sha256:[0-9a-f]{64}$/, ''),
      restarts: ForceUpdate,
      foreign: (ContainerSpec['StopSignal'] as string | undefined) ?? null,
    };
  };
  /** What `docker service update --stop-signal` does. */
  const foreignChange = async (signal: string) => {
    const { ID, Version, Spec } = Object(
      await jsonOverSocket(socketPath, 'GET', '/services/sequence'),
    );
    Spec.TaskTemplate.ContainerSpec.StopSignal = signal;
    await jsonOverSocket(
      socketPath,
      'POST',
      `/services/${ID}/update?version=${Version.Index}`,
      Spec,
    );
  };
  const make = async (one: Step): Promise<number> => {
    const path = '/api/services/sequence';
    switch (one.kind) {
      case 'scale':
        return (await call('POST', `${path}/scale`, { replicas: one.to })).status;
      case 'env':
        return (await call('PATCH', path, { env: one.change })).status;
      case 'labels':
        return (await call('PATCH', path, { labels: one.change })).status;
      case 'image':
        return (await call('PATCH', path, { image: `carmeloc/goweb:${one.tag}` })).status;
      case 'restart':
      case 'rollback':
        return (await call('POST', `${path}/${one.kind}`)).status;
      case 'foreign':
        await foreignChange(one.signal);
        return 202;
    }
  };
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const form = { name: 'sequence', image: 'carmeloc/goweb:1.0', replicas: 1 };
        expect((await call('POST', '/api/services', form)).status).toBe(201);
        try {
          let model: Model = { now: facts(), before: null };
          for (const one of steps) {
            const status = await make(one);
            if (one.kind === 'rollback') {
              expect(status).toBe(model.before === null ? 409 : 202);
              if (model.before) model = { now: model.before, before: model.now };
            } else {
              expect(status).toBe(202);
              const now = after(model.now, one);
              const same = JSON.stringify(now) === JSON.stringify(model.now);
              // Another program writes what stays the same, too.
              if (!same || one.kind === 'foreign') model = { now, before: model.now };
            }
            expect(facts()).toEqual(model.now);
          }
        } finally {
          await call('DELETE', '/api/services/sequence');
        }
      }),
      { numRuns: 40 },
    );
  } finally {
    vi.unstubAllEnvs();
    await demo.close();
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);

import { describe, expect, test } from 'vitest';
import { Rollouts } from '@/lib/curl/rollouts';
import { buildView, NO_MEMORY } from '@/lib/swarm/build-view';
import { snapshotOf, VIEW_OPTIONS } from './dashboard-view';
import { IMAGE, NO_IMAGE, until, type Client, type TestEngine } from './engines';
import { createService, untilRunning } from './service-helpers';

const NO_ANSWERS = { lost: [], answers: [], byTask: new Map(), answered: 0 };
const CONFIG = { Parallelism: 1, Monitor: 300_000_000, MaxFailureRatio: 0, Order: 'stop-first' };

interface Spec {
  TaskTemplate: { ContainerSpec: { Image: string; Env?: string[] } };
}

/** What a run is told of updates and rollbacks, by the engine's own reports. */
export function rollouts(engine: () => TestEngine): void {
  const client = (): Client => engine().client;

  describe('a run', () => {
    test('follows an update, one that swarm rolls back by itself, and a rollback on request', async (context) => {
      const name = await createService(context, client(), 'rollouts', {
        replicas: 2,
        task: { ContainerSpec: { Image: IMAGE, StopGracePeriod: 1_000_000_000 } },
        // One failure of two is tolerated, so that an update lasts for the delay: a busy machine looks rarely.
        UpdateConfig: {
          ...CONFIG,
          FailureAction: 'rollback',
          MaxFailureRatio: 0.5,
          Delay: 3_000_000_000,
        },
        RollbackConfig: { ...CONFIG, FailureAction: 'pause' },
      });
      await untilRunning(client(), name, 2);
      const watched = new Rollouts((await client().service(name)).ID);
      const begin = Date.now();
      let memory = NO_MEMORY;
      const look = async () => {
        const time = Date.now();
        const built = buildView(await snapshotOf(engine()), VIEW_OPTIONS, memory, time);
        memory = built.memory;
        watched.applyView(built.view, { at: time - begin, time }, []);
        return watched.rollouts(NO_ANSWERS, false);
      };
      /** Until the rollout with this index has ended; returns it. */
      const ended = (index: number) =>
        until(
          async () => {
            const found = (await look())[index];
            return found?.endedMs != null && found;
          },
          `rollout ${index} ends`,
          120_000,
        );
      const change = (edit: (container: Spec['TaskTemplate']['ContainerSpec']) => void) =>
        client().update('services', name, (spec) =>
          edit((spec as unknown as Spec).TaskTemplate.ContainerSpec),
        );
      await look();

      await change((container) => void (container.Env = ['A=1']));
      expect(await ended(0)).toMatchObject({ kind: 'update', state: 'completed', from: 0, to: 1 });

      await change((container) => void (container.Image = NO_IMAGE));
      const failed = await ended(1);
      expect(failed).toMatchObject({
        kind: 'update',
        state: 'rolled back',
        automatic: true,
        from: 1,
        to: 2,
      });
      expect(failed.failedTasks).toBeGreaterThan(0);
      expect(failed.failure?.text).toMatch(new RegExp(`^${name}\\.\\d on \\w+ was rejected$`));
      expect(failed.failure?.error).toContain('No such image');

      await change((container) => void (container.Env = ['A=2']));
      expect(await ended(2)).toMatchObject({ kind: 'update', state: 'completed', from: 1, to: 3 });

      await client().update('services', name, () => {}, '&rollback=previous');
      expect(await ended(3)).toMatchObject({
        kind: 'rollback',
        state: 'completed',
        automatic: false,
        from: 3,
        to: 1,
      });
      const versions = watched.versions(NO_ANSWERS);
      expect(versions.map(({ image, current, running }) => [image, current, running])).toEqual([
        [IMAGE, false, 0],
        [IMAGE, true, 2],
        [NO_IMAGE, false, 0],
        [IMAGE, false, 0],
      ]);
    });
  });
}

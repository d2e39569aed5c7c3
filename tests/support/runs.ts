import { expect, vi } from 'vitest';
import { aRequest } from '@/tests/factories/curl';
import { aNode, aService, aView, containerOfSlot } from '@/tests/factories/view';
import type { FullRunRequest, Run } from '@/lib/curl/run';
import {
  LIMITS,
  type RunEngine,
  type RunnerHooks,
  type RunnerLimits,
} from '@/lib/runner/run-engine';
import { createRunner } from '@/lib/runner/runner';
import type { SwarmView } from '@/lib/swarm/view';
import { FakeClock } from './fake-clock';
import { echo, inTurn, reply, until, type Manner } from './listener';

/** Runs against listeners of this machine, for the runner's tests. */

/** The echo service with replicas in these slots, which respond in turn. */
export const mesh = (...slots: number[]): Manner =>
  inTurn(...slots.map((slot) => reply(echo(containerOfSlot(slot)))));

/** A view with ctrl and zero1 on loopback and goweb published on `port`. */
export function viewOf(port: number, over: Partial<SwarmView> = {}): SwarmView {
  const ports = [{ published: port, target: 8080, protocol: 'tcp', mode: 'ingress' as const }];
  return aView({
    nodes: [
      aNode({ name: 'ctrl', address: '127.0.0.1' }),
      aNode({ name: 'zero1', address: '127.0.0.1' }),
    ],
    services: [aService({ ports })],
    ...over,
  });
}

/** A run by its id; fails the test for an unknown id. */
export function runOf(runner: RunEngine, id: string): Run {
  const run = runner.get(id);
  if (!run) throw new Error(`no run ${id}`);
  return run;
}

/** A runner with a fake clock, and a run that the test advances slot by slot. */
export function setUp(
  port: number,
  hooks: Partial<RunnerHooks> = {},
  limits: Partial<RunnerLimits> = {},
) {
  const clock = new FakeClock();
  let view = viewOf(port);
  const refresh = vi.fn(hooks.refresh ?? (() => Promise.resolve(view)));
  const runner = createRunner(
    { view: () => view, ...hooks, refresh },
    { ...LIMITS, ...limits },
    clock,
  );
  const get = (id: string): Run => runOf(runner, id);
  return {
    clock,
    runner,
    refresh,
    get,
    view: () => view,
    setView: (over: Partial<SwarmView>) => (view = viewOf(port, over)),
    start: (over: Partial<FullRunRequest> = {}): Run => {
      const started = runner.start(aRequest({ publishedPort: port, ...over }), view);
      if (!started.ok) throw new Error(started.why.detail);
      return started.run;
    },
    /** Advances slot by slot; each is answered before the next. */
    ticks: async (id: string, count: number, intervalMs = 200) => {
      for (let i = 0; i < count; i++) {
        await until(() => {
          const run = get(id);
          expect(run.state === 'ended' || run.answered + run.failed === run.sent).toBe(true);
        });
        clock.advance(intervalMs);
      }
    },
    ended: (id: string) => until(() => expect(get(id).state).toBe('ended')),
  };
}

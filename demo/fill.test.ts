import { expect, test } from 'vitest';
import { fill, isFilled, unfill } from './fill';
import { ScriptedSwarm } from './scripted';

/** Advances the test's clock until the promise settles. */
async function done(s: ScriptedSwarm, work: Promise<void>): Promise<void> {
  s.clock.advance(0);
  await work;
}

test('a fill resolves when every JSON is built and nothing writes any more', async () => {
  const s = new ScriptedSwarm();
  await done(s, fill(s.swarm, 40, 400));
  const { nodes, tasks } = s.swarm.store;
  expect([nodes.size, tasks.size]).toEqual([40, 400]);
  const all = [...nodes.values(), ...tasks.values()];
  expect(all.filter(({ json }) => json === undefined)).toEqual([]);
  s.clock.advance(20_000);
  expect(all.filter(({ json }) => json === undefined)).toEqual([]);
});

test('writes each task of a fill once', async () => {
  const s = new ScriptedSwarm();
  let writes = 0;
  s.swarm.store.onCommit(({ kind }) => (writes += Number(kind === 'task')));
  await done(s, fill(s.swarm, 40, 400));
  expect(writes).toBe(400);
});

test('a fill of tasks alone counts as one, and unfill removes its tasks from the HAT', async () => {
  const s = new ScriptedSwarm();
  await done(s, fill(s.swarm, 5, 20));
  expect(isFilled(s.swarm)).toBe(true);
  const [task] = s.swarm.store.tasks.values();
  const agent = task && s.swarm.agentOf(s.swarm.node(task.api.NodeID ?? ''));
  await done(s, unfill(s.swarm));
  expect(isFilled(s.swarm)).toBe(false);
  expect(task && agent?.kill(task)).toBe(false);
});

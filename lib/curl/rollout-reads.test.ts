import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { aMoment } from '@/tests/factories/curl';
import { aService, aTask, aView } from '@/tests/factories/view';
import { Rollouts } from './rollouts';

/** The engine's state at one moment: the definition that the service has, its update, and its tasks. */
interface EngineState {
  definition: number;
  update: string | null;
  tasks: { id: string; definition: number; slot: number; state: string; desired: string }[];
}

/** The first two definitions differ in a variable only. */
const IMAGES = ['goweb:1', 'goweb:1', 'nosuch:1'];
const SLOTS = [1, 2];
const NO_ANSWERS = { lost: [], answers: [], byTask: new Map(), answered: 0 };

/**
 * An update that completes, and one whose tasks are rejected again and again until swarm rolls it back by itself. Of a slot
 * swarm keeps five tasks. `settled`: the first moment after the first update.
 */
function story(attempts: number): { moments: EngineState[]; settled: number } {
  const moments: EngineState[] = [{ definition: 0, update: null, tasks: [] }];
  const then = (change: (state: EngineState) => void) => {
    const next = structuredClone(moments.at(-1) ?? { definition: 0, update: null, tasks: [] });
    change(next);
    const kept = SLOTS.flatMap((slot) => next.tasks.filter((task) => task.slot === slot).slice(-5));
    moments.push({ ...next, tasks: kept });
  };
  const add = (state: EngineState, slot: number) =>
    state.tasks.push({
      id: `${slot}-${moments.length}`,
      definition: state.definition,
      slot,
      state: 'new',
      desired: 'running',
    });
  const last = (state: EngineState, slot: number) =>
    state.tasks.findLast((task) => task.slot === slot);
  /** A new task in place of the slot's last one, which then is in this state. */
  const replace = (slot: number, ends: string) => {
    then((state) => {
      Object.assign(last(state, slot) ?? {}, { desired: 'shutdown' });
      add(state, slot);
    });
    then((state) => void Object.assign(last(state, slot) ?? {}, { state: 'preparing' }));
    then((state) => {
      for (const task of state.tasks) {
        if (task.desired === 'shutdown' && task.state === 'running') task.state = 'shutdown';
      }
      Object.assign(last(state, slot) ?? {}, { state: ends });
    });
  };
  const change = (definition: number, update: string) =>
    then((state) => void Object.assign(state, { definition, update }));

  for (const slot of SLOTS) {
    then((state) => void add(state, slot));
    then((state) => void Object.assign(last(state, slot) ?? {}, { state: 'running' }));
  }
  change(1, 'updating');
  for (const slot of SLOTS) replace(slot, 'running');
  change(1, 'completed');
  const settled = moments.length - 1;
  change(2, 'updating');
  for (let n = 0; n < attempts; n += 1) replace(1, 'rejected');
  replace(2, 'rejected');
  change(1, 'rollback_started');
  for (const slot of SLOTS) replace(slot, 'running');
  change(1, 'rollback_completed');
  return { moments: moments.slice(4), settled: settled - 4 };
}

/** A view of the tasks of one moment, the service of a later one, and the tasks that are up to date at a third. */
function viewOf(listed: EngineState, { definition, update }: EngineState, answered: EngineState) {
  const upToDate = new Set(
    answered.tasks.filter((task) => task.definition === answered.definition).map((task) => task.id),
  );
  const status =
    update === null
      ? null
      : {
          state: update,
          message: '',
          note: null,
          ...(update.startsWith('rollback') && { automatic: true }),
        };
  return aView({
    services: [aService({ image: IMAGES[definition] ?? '', update: status })],
    tasks: listed.tasks.map((task) =>
      aTask({
        id: task.id,
        slot: task.slot,
        image: IMAGES[task.definition] ?? '',
        state: task.state,
        desired: task.desired,
        upToDate: upToDate.has(task.id),
      } as Partial<ReturnType<typeof aTask>>),
    ),
  });
}

const pauses = fc.tuple(fc.nat(5), fc.nat(3), fc.nat(3));

test('reports an automatic rollback as one rollout, at any delay between the three lists', () => {
  fc.assert(
    fc.property(fc.nat(8), fc.array(pauses, { maxLength: 40 }), (attempts, reads) => {
      const { moments, settled } = story(attempts + 1);
      const end = moments.length - 1;
      const rollouts = new Rollouts('id-goweb');
      let at = 0;
      const look = (first: number, second: number, third: number) => {
        const [one, two, three] = [first, second, third].map((n) => moments[Math.min(n, end)]);
        if (!one || !two || !three) throw new Error('no such moment');
        at += 1000;
        rollouts.applyView(viewOf(one, two, three), aMoment(at), []);
      };
      for (const moment of [0, 1, 2, settled, settled]) look(moment, moment, moment);
      let moment = settled;
      for (const [a, b, c] of reads) {
        look(moment + a, moment + a + b, moment + a + b + c);
        moment += a + b + c;
        // The first look at the second update is at one that has begun.
        moment = Math.max(moment, settled + 1);
      }
      for (let n = 0; n < 3; n += 1) look(end, end, end);
      const told = rollouts.rollouts(NO_ANSWERS, false);
      expect(told.map(({ kind, state, from, to }) => [kind, state, from, to])).toEqual([
        ['update', 'completed', 0, 1],
        ['update', 'rolled back', 1, 2],
      ]);
    }),
    { numRuns: 150 },
  );
});

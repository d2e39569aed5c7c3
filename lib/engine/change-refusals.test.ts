import { beforeEach, expect, test } from 'vitest';
import { CHANGES, type Change } from '../swarm/refusals';
import { ScriptedEngine } from '@/tests/factories/engine';
import { ChangeRefusals } from './change-refusals';
import { EngineError } from './errors';

let now: number;
let refusals: ChangeRefusals;
/** What the next change does. */
let outcome: EngineError | null;

beforeEach(() => {
  now = 1_000_000;
  refusals = new ChangeRefusals(() => now);
  outcome = null;
});

const SERVICE = { ID: 'x', Version: { Index: 1 }, Spec: {}, PreviousSpec: null, json: {} };
const CHANGED = { before: SERVICE, spec: {}, written: true, warnings: [] };

/** Tries a change whose outcome is `error`, or which works (null). */
async function attempt(change: Change, error: EngineError | null): Promise<void> {
  outcome = error;
  const made = async <T>(result: T) => {
    if (outcome) throw outcome;
    return result;
  };
  const engine = refusals.watch({
    ...new ScriptedEngine().engine,
    scale: () => made({ from: 1, to: 2 }),
    setAvailability: () => made({ from: 'active' as const, to: 'drain' as const }),
    changeService: () => made(CHANGED),
    createService: () => made({ id: '', warnings: [] }),
    changeNode: () => made(CHANGED),
    removeNode: () => made(CHANGED.before),
    rotateJoinToken: () => made(undefined),
    killContainer: () => made(undefined),
    joinCommand: () => made(''),
  });
  const calls: Record<Change, () => Promise<unknown>> = {
    scale: () => engine.scale('goweb', 2),
    drain: () => engine.setAvailability('zero1', 'drain'),
    update: () => engine.changeService('goweb', (spec) => spec),
    create: () => engine.createService({}),
    node: () => engine.changeNode('zero1', (spec) => spec),
    'remove-node': () => engine.removeNode('zero1'),
    rotate: () => engine.rotateJoinToken('worker'),
    kill: () => engine.killContainer('x'),
    join: () => engine.joinCommand(),
  };
  await calls[change]().catch(() => {});
}

const refused = (change: Change, ...switches: string[]) =>
  new EngineError('engine-refused', 'no', undefined, { refused: { change, switches } });

const known = () => Object.fromEntries(refusals.current());

test('a refusal holds until the change succeeds', async () => {
  await attempt('join', refused('join', 'SWARM'));
  expect(known()).toEqual({ join: ['SWARM'] });
  await attempt('join', null);
  expect(known()).toEqual({});
});

test('a refusal of POST applies to all changes that need it, except one that succeeded', async () => {
  await attempt('drain', null);
  await attempt('scale', refused('scale', 'POST'));
  expect(Object.keys(known()).sort()).toEqual(
    CHANGES.filter((change) => change !== 'drain' && change !== 'join').toSorted(),
  );
  await attempt('drain', refused('drain', 'POST'));
  expect(known()['drain']).toEqual(['POST']);
});

test('a change without a write does not end a refusal', async () => {
  await attempt('scale', refused('scale', 'ALLOW_SCALE'));
  const same = {
    ...new ScriptedEngine().engine,
    scale: async () => ({ from: 3, to: 3 }),
    changeService: async () => ({ ...CHANGED, written: false }),
  };
  await refusals.watch(same).scale('goweb', 3);
  await refusals.watch(same).changeService('goweb', (spec) => spec);
  expect(known()).toEqual({ scale: ['ALLOW_SCALE'], update: ['ALLOW_SCALE'] });
});

test('our own proxy refuses both kinds of drill by one switch', async () => {
  await attempt('kill', refused('kill', 'ALLOW_DRILL'));
  expect(known()).toEqual({
    kill: ['ALLOW_DRILL'],
    drain: ['ALLOW_DRILL'],
    node: ['ALLOW_DRILL'],
  });
});

test('a switch of a single change refuses only that change', async () => {
  await attempt('create', refused('create', 'ALLOW_SERVICES'));
  expect(known()).toEqual({ create: ['ALLOW_SERVICES'] });
});

test('an error of the engine is no refusal', async () => {
  await attempt('scale', new EngineError('conflict', 'no'));
  await attempt('kill', new EngineError('engine-refused', 'container is not running'));
  expect(known()).toEqual({});
});

test('is forgotten after five minutes, even if the clock is set back, and on request', async () => {
  await attempt('scale', refused('scale', 'POST'));
  now += 299_000;
  expect(known()).not.toEqual({});
  now += 2000;
  expect(known()).toEqual({});
  await attempt('scale', refused('scale', 'POST'));
  now -= 3_600_000;
  expect(known()).toEqual({});
  await attempt('scale', refused('scale', 'POST'));
  refusals.forget();
  expect(known()).toEqual({});
});

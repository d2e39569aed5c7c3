import { describe, expect, test } from 'vitest';
import type { ServiceView, SwarmView } from '@/lib/swarm/view';
import { aNode, aService, aTask, aView } from '@/tests/factories/view';
import { outcomeNow } from './outcome-now';

const OUTCOME = {
  text: 'goweb is being updated.',
  done: 'goweb is updated.',
  service: { id: 'service1', version: 7 },
};

const note = (tone: 'ok' | 'warn' | 'bad') => ({
  tone,
  before: 'The update has been paused since',
  at: 1,
  after: '',
  failure: null,
  actions: [],
});

function at(over: Partial<ServiceView>): SwarmView {
  const service = { ...aService(), id: 'service1', name: 'goweb', version: 8, update: null };
  return aView({ services: [{ ...service, ...over }] });
}

const textAt = (over: Partial<ServiceView>) => outcomeNow(OUTCOME, at(over)).text;
const phase = (name: ServiceView['convergence']['phase']) => ({
  convergence: { ...aService().convergence, phase: name },
});

describe('the note of a change', () => {
  test('keeps its text until the view has the change', () => {
    const update = { state: 'paused', message: '', note: note('bad') };
    expect(textAt({ version: 7, update })).toBe(OUTCOME.text);
    expect(outcomeNow(OUTCOME, null).text).toBe(OUTCOME.text);
    expect(outcomeNow(OUTCOME, aView({ services: [] })).text).toBe(OUTCOME.text);
  });

  test('says when the service has converged', () => {
    expect(textAt(phase('converging'))).toBe(OUTCOME.text);
    expect(textAt(phase('converged'))).toBe('goweb is updated.');
    const { text, service } = OUTCOME;
    expect(outcomeNow({ text, service }, at(phase('converged'))).text).toBe(text);
  });

  test.each([
    ['paused', undefined, 'bad', 'The update of goweb is paused.'],
    ['rollback_paused', undefined, 'bad', 'The rollback of goweb is paused.'],
    ['rollback_started', true, 'warn', 'The update of goweb failed: swarm rolls it back.'],
    ['rollback_completed', true, 'warn', 'The update of goweb failed and was rolled back.'],
  ] as const)('has the reason of an update in state %s', (state, automatic, tone, text) => {
    const update = { state, message: '', note: note(tone), ...(automatic && { automatic }) };
    // Its tasks run again after a rollback.
    const now = outcomeNow(OUTCOME, at({ update, ...phase('converged') }));
    expect(now).toEqual({ text, tone, problem: note(tone) });
  });

  test.each([
    ['rollback_started', 'goweb is being rolled back.'],
    ['rollback_completed', 'goweb is rolled back.'],
  ])('has no problem where somebody rolled back: %s', (state, text) => {
    const update = { state, message: '', note: note('ok') };
    expect(outcomeNow(OUTCOME, at({ update }))).toEqual({ text, tone: 'ok', problem: null });
  });
});

describe('the note of a drain', () => {
  const DRAIN = {
    text: 'zero1 is being drained.',
    drains: 'id-zero1',
    done: 'zero1 is drained.',
  };
  const textOf = (over: Partial<SwarmView>, availability: 'drain' | 'active' = 'drain') =>
    outcomeNow(DRAIN, aView({ nodes: [aNode({ name: 'zero1', availability })], ...over })).text;

  test('says so once the view has it and its tasks have stopped', () => {
    const stopped = aTask({ state: 'shutdown', desired: 'shutdown' });
    expect(textOf({ tasks: [stopped, aTask({ nodeId: 'id-zero2' })] })).toBe(DRAIN.done);
    expect(textOf({ tasks: [] })).toBe(DRAIN.done);
  });

  test('does not before that, nor where the tasks are not known', () => {
    expect(textOf({ tasks: [aTask({ desired: 'shutdown' })] })).toBe(DRAIN.text);
    expect(textOf({ tasks: [] }, 'active')).toBe(DRAIN.text);
    expect(textOf({ tasks: [], refused: { reads: ['TASKS'], changes: {} } })).toBe(DRAIN.text);
    expect(textOf({ tasks: [], nodes: [] })).toBe(DRAIN.text);
    expect(outcomeNow(DRAIN, null).text).toBe(DRAIN.text);
  });
});

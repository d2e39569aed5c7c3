import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { aService, aTask, aView, changedTask } from '@/tests/factories/view';
import type { HistoryRecord } from './history-records';
import { diffViews } from './patch';
import { TimeShift } from './shift-times';
import { openSpans } from './spans';
import type { Span } from './timeline-schemas';
import { TimelineRecorder } from './timeline';
import { TIMELINE_MS } from './timeline-length';
import type { SwarmView, TaskView } from './view';

/** A view whose first task is changed. */
const withTask = (view: SwarmView, over: Partial<TaskView>): SwarmView => ({
  ...view,
  tasks: view.tasks.map((task, at) => (at === 0 ? changedTask(task, over) : task)),
});

/** Feeds views to a timeline, one after another at their times. */
function tell(timeline: TimelineRecorder, looks: [at: number, view: SwarmView][]) {
  let before: SwarmView | null = null;
  for (const [at, view] of looks) {
    timeline.add(view, before && diffViews(before, view), before, at);
    before = view;
  }
}

describe('the timeline', () => {
  const first = aView();
  const failed = withTask(first, { state: 'failed', exitCode: 137 });
  const scaled = { ...failed, services: [aService({ replicas: 5 })] };

  test('sends everything to a new viewer and only news to the others', () => {
    const timeline = new TimelineRecorder();
    tell(timeline, [
      [0, first],
      [1000, failed],
      [2000, scaled],
    ]);
    expect(timeline.since(0).entries.map(({ at, text }) => [at, text])).toEqual([
      [1000, 'goweb.1 on zero1 died (exit 137)'],
      [2000, 'goweb was scaled from 3 to 5'],
    ]);
    const [entry] = timeline.since(0).entries;
    expect(timeline.since(entry?.seq ?? 0).entries.map(({ text }) => text)).toEqual([
      'goweb was scaled from 3 to 5',
    ]);
    expect(timeline.since(timeline.seq)).toEqual({
      entries: [],
      spans: [],
      gaps: [],
      forgottenUntil: null,
    });
  });

  describe('rollbacks and pauses that no view shows', () => {
    const [service = aService({})] = first.services;
    const relabelled = { ...first, services: [{ ...service, version: service.version + 2 }] };
    const states = [
      { state: 'rollback_started', at: -9000 },
      { state: 'rollback_started', at: 300 },
      { state: 'paused', at: 600 },
      { state: 'rollback_paused', at: 1001 },
    ] as const;
    const missedStates = (id: string) => (id === service.id ? [...states] : []);
    const entries = (timeline: TimelineRecorder) =>
      timeline.since(0).entries.map(({ at, kind, text, bad }) => [at, kind, text, bad]);

    test('each have an entry at their own time, also without another change', () => {
      for (const after of [relabelled, first]) {
        const timeline = new TimelineRecorder();
        timeline.add(first, null, null, 0);
        // The first was before the view that is known; another clock can be a little ahead.
        timeline.add(after, diffViews(first, after), first, 1000, 0, undefined, missedStates);
        expect(entries(timeline)).toEqual([
          [300, 'rolled back', 'goweb was rolled back', true],
          [600, 'update paused', 'goweb had its update paused', true],
          [1000, 'update paused', 'goweb had its rollback paused', true],
        ]);
      }
    });

    test('before the first view are not recorded', () => {
      const timeline = new TimelineRecorder();
      timeline.add(first, null, null, 0, 0, undefined, missedStates);
      expect(entries(timeline)).toEqual([]);
    });

    test('are told from those that the view shows', () => {
      const rolledBack = (startedAt: number, state: string) => {
        const update = { state, message: 'x', startedAt, note: null };
        return { ...first, services: [aService({ update })] };
      };
      const timeline = new TimelineRecorder();
      const before = rolledBack(1, 'rollback_completed');
      const after = rolledBack(2, 'rollback_paused');
      timeline.add(before, null, null, 0);
      const missed = vi.fn(() => [states[1]]);
      timeline.add(after, diffViews(before, after), before, 1000, 0, () => 900, missed);
      expect(missed.mock.calls).toEqual([
        [
          service.id,
          [
            { state: 'rollback_started', at: 2 },
            { state: 'rollback_paused', at: 2 },
          ],
        ],
      ]);
      expect(entries(timeline)).toEqual([
        [300, 'rolled back', 'goweb was rolled back', true],
        [900, 'rolled back', 'goweb was rolled back (x)', true],
        [900, 'update paused', 'goweb had its rollback paused (x)', true],
      ]);
    });
  });

  test('knows the states in which a task was seen, each with its latest time', () => {
    const timeline = new TimelineRecorder();
    const tasks = first.tasks.slice(1);
    const at = (state: TaskView['state'], stateAt: number) => ({
      ...first,
      tasks: [aTask({ id: 'new', state, stateAt, createdAt: 900 }), ...tasks],
    });
    tell(timeline, [
      [0, { ...first, tasks }],
      [1000, at('assigned', 950)],
      [1100, at('preparing', 1050)],
      [1200, at('preparing', 1060)],
      [1250, at('unknown', 1240)],
      [1300, at('running', 1290)],
    ]);
    expect(timeline.taskStates('new')).toEqual([
      { state: 'assigned', at: 950 },
      { state: 'preparing', at: 1060 },
      { state: 'running', at: 1290 },
    ]);
    expect(timeline.taskStates(tasks[0]?.id ?? '')).toEqual([
      { state: 'running', at: tasks[0]?.stateAt },
    ]);
    expect(timeline.taskStates('nosuchtask')).toEqual([]);
  });

  test('records which task ran where and how it ended', () => {
    const timeline = new TimelineRecorder();
    const last = { ...failed, tasks: failed.tasks.slice(0, 2) };
    tell(timeline, [
      [0, first],
      [1000, failed],
      [2000, last],
    ]);
    const words = (spans: Span[]) =>
      spans.map(({ name, nodeId, from, to, end }) => [name, nodeId, from, to, end]);
    const ended = [
      ['goweb.1', 'id-zero1', 0, 1000, 'failed'],
      ['goweb.3', 'id-zero3', 0, 2000, 'stopped'],
    ];
    const lasts = [['goweb.2', 'id-zero2', 0, null, 'running']];
    expect(words(timeline.since(0).spans)).toEqual(ended);
    expect(words(openSpans(last))).toEqual(lasts);
    // A viewer without a view receives both.
    expect(words(timeline.all(last, 0, null, 3000).spans)).toEqual([...ended, ...lasts]);
  });

  test('records no span for a task without a node or one that had ended when first seen', () => {
    const waits = aTask({ nodeId: null, state: 'pending' });
    const ended = aTask({ slot: 2, state: 'failed', seenAt: null });
    const [before, after] = [aView({ tasks: [waits, ended] }), aView({ tasks: [] })];
    const timeline = new TimelineRecorder();
    tell(timeline, [
      [0, before],
      [1000, after],
    ]);
    expect(timeline.since(0).spans).toEqual([]);
    expect(openSpans(before)).toEqual([]);
    const moving = openSpans(
      aView({ tasks: [aTask({ state: 'preparing' }), aTask({ phase: 'lost' })] }),
    );
    expect(moving.map(({ end }) => end)).toEqual(['starting', 'lost']);
  });

  test('marks changes that happened while no page was open', () => {
    const timeline = new TimelineRecorder();
    timeline.add(first, null, null, 0);
    timeline.unwatched(1000);
    timeline.unwatched(2000);
    timeline.openGap(6000);
    timeline.add(failed, diffViews(first, failed), first, 9000);
    expect(timeline.since(0).gaps).toEqual([
      expect.objectContaining({ from: 1000, to: 9000, why: 'not watched' }),
    ]);
    expect(timeline.since(0).entries[0]).toMatchObject({ at: 9000, unseen: 'not watched' });
  });

  test('marks changes that happened while the engine did not respond', () => {
    const timeline = new TimelineRecorder();
    timeline.add(first, null, null, 0);
    timeline.openGap(1000);
    timeline.add(failed, diffViews(first, failed), first, 9000);
    expect(timeline.since(0).entries[0]).toMatchObject({ unseen: 'no data from the engine' });
  });

  test('returns the gap of a request that comes while no page is open', () => {
    const timeline = new TimelineRecorder();
    timeline.add(first, null, null, 0);
    timeline.unwatched(1000);
    expect(timeline.all(first, 0, null, 3000).gaps).toMatchObject([{ from: 1000, to: null }]);
    expect(timeline.since(0).gaps).toEqual([]);
  });

  test('records no gap between rendering a page and its first request', () => {
    const timeline = new TimelineRecorder();
    timeline.add(first, null, null, 0);
    timeline.unwatched(0);
    timeline.add(failed, diffViews(first, failed), first, 3000);
    timeline.unwatched(4000);
    timeline.openGap(5000);
    timeline.add(failed, null, failed, 6000);
    expect(timeline.since(0).gaps).toMatchObject([
      { from: 5000, to: 6000, why: 'no data from the engine' },
    ]);
    expect(timeline.since(0).entries[0]).toMatchObject({ unseen: null });
  });

  test('returns the view of any past time', () => {
    const timeline = new TimelineRecorder();
    tell(timeline, [
      [100, first],
      [1000, failed],
      [2000, scaled],
    ]);
    expect(timeline.viewAt(99)).toBeNull();
    expect(timeline.viewAt(999)).toEqual({ at: 100, view: first });
    expect(timeline.viewAt(1000)).toEqual({ at: 1000, view: failed });
    expect(timeline.viewAt(5000)).toEqual({ at: 2000, view: scaled });
  });

  test('returns a time that ended, without what goes on', () => {
    const timeline = new TimelineRecorder();
    tell(timeline, [
      [0, first],
      [1000, failed],
      [2000, scaled],
    ]);
    timeline.openGap(2500);
    const past = timeline.all(scaled, 500, 1500, 3000);
    expect(past.entries.map(({ at }) => at)).toEqual([1000]);
    expect(past).toMatchObject({ spans: [{ to: 1000 }], gaps: [] });
    expect(timeline.all(scaled, 1500, null, 3000)).toMatchObject({
      entries: [{ at: 2000 }],
      gaps: [{ from: 2500, to: null }],
    });
  });

  test('sends no entries older than an hour, but keeps them and the views for a day', () => {
    const timeline = new TimelineRecorder();
    tell(timeline, [
      [0, first],
      [1000, failed],
      [TIMELINE_MS + 1500, scaled],
    ]);
    expect(timeline.since(0).entries.map(({ text }) => text)).toEqual([
      'goweb was scaled from 3 to 5',
    ]);
    expect(timeline.viewAt(TIMELINE_MS)).toEqual({ at: 1000, view: failed });
    // That an hour is an hour needs no saying.
    expect(timeline.since(0).forgottenUntil).toBeNull();
    expect(timeline.viewAt(500)).toEqual({ at: 0, view: first });
    const day = timeline.all(scaled, 0, null, TIMELINE_MS + 1500);
    expect(day.entries.map(({ at }) => at)).toEqual([1000, TIMELINE_MS + 1500]);
    expect(day.spans.map(({ name }) => name)).toContain('goweb.1');
    tell(timeline, [[24 * TIMELINE_MS + 1501, scaled]]);
    expect(timeline.all(scaled, 0, null, 24 * TIMELINE_MS + 1501).entries).toHaveLength(1);
  });

  test('bounds its memory under a crash loop', () => {
    const timeline = new TimelineRecorder();
    let before = first;
    for (let turn = 0; turn < 3000; turn++) {
      const task = aTask({
        id: `try-${turn}`,
        createdAt: turn,
        state: turn % 2 ? 'failed' : 'running',
      });
      const after = { ...first, tasks: [task, ...first.tasks] };
      timeline.add(after, diffViews(before, after), before, turn);
      before = after;
    }
    expect(timeline.all(before, 0, null, 3000).entries.length).toBeLessThanOrEqual(1000);
    const { entries, spans, forgottenUntil } = timeline.since(0);
    expect(entries.length).toBeLessThanOrEqual(1000);
    expect(spans.length).toBeLessThanOrEqual(1000);
    // Data dropped within the hour is reported.
    expect(forgottenUntil).toBeLessThanOrEqual(entries[0]?.at ?? 0);
    expect(forgottenUntil).toBeGreaterThan(1000);
    expect(timeline.viewAt(3000)?.view).toEqual(before);
  });

  test('keeps ended spans although thousands of tasks run', () => {
    const timeline = new TimelineRecorder();
    const tasks = Array.from({ length: 1500 }, (_, slot) => aTask({ slot: slot + 1 }));
    const before = aView({ tasks });
    const after = withTask(before, { state: 'failed' });
    timeline.add(before, null, null, 0);
    timeline.add(after, diffViews(before, after), before, 1000);
    expect(timeline.since(0).spans).toMatchObject([{ slot: 1, end: 'failed', to: 1000 }]);
    expect(openSpans(after)).toHaveLength(1499);
  });

  test('keeps a whole view near every past time', () => {
    const timeline = new TimelineRecorder();
    const looks = Array.from({ length: 300 }, (_, at): [number, SwarmView] => [
      at,
      aView({ tasks: [aTask({ stateAt: at })] }),
    ]);
    tell(timeline, looks);
    for (const [at, view] of looks) expect(timeline.viewAt(at)?.view).toEqual(view);
    const kept = looks.flatMap(([at, view]) => (timeline.viewAt(at)?.view === view ? [at] : []));
    expect(kept).toEqual([0, 64, 128, 192, 256]);
  });

  test('keeps large views packed, and reports the time from which it is complete', () => {
    const timeline = new TimelineRecorder();
    const looks = Array.from({ length: 80 }, (_, at): [number, SwarmView] => [
      at,
      aView({ tasks: [aTask({ error: `${at}`.padEnd(100_000, 'x') })] }),
    ]);
    tell(timeline, looks);
    const { forgottenUntil } = timeline;
    expect(forgottenUntil).toBeGreaterThan(5);
    expect(timeline.viewAt((forgottenUntil ?? 0) - 1)).toBeNull();
    for (const [at, view] of looks.slice((forgottenUntil ?? 0) + 1))
      expect(timeline.viewAt(at)).toEqual({ at, view });
    expect(timeline.all(null, 0, null, 80).forgottenUntil).toBe(forgottenUntil);
  });

  test('returns exactly the recorded view for every past time', () => {
    const task = fc.record({
      slot: fc.integer({ min: 1, max: 4 }),
      state: fc.constantFrom('pending' as const, 'running' as const, 'failed' as const),
    });
    const views = fc.array(fc.uniqueArray(task, { selector: ({ slot }) => slot }), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(views, (sets) => {
        const looks = sets.map((tasks, at): [number, SwarmView] => [
          at * 10,
          aView({ tasks: tasks.map(aTask) }),
        ]);
        const timeline = new TimelineRecorder();
        tell(timeline, looks);
        for (const [at, view] of looks) expect(timeline.viewAt(at)?.view).toEqual(view);
      }),
    );
  });
});

describe('when something happened', () => {
  const first = aView();
  const second = 1000;

  test("is the engine's time; what is only noticed is marked after a longer pause", () => {
    const failed = withTask(first, { state: 'failed', exitCode: 1, stateAt: 3 * second });
    const drained = aView({
      ...failed,
      nodes: failed.nodes.map((node, at) => (at === 1 ? { ...node, availability: 'drain' } : node)),
    });
    const timeline = new TimelineRecorder();
    tell(timeline, [
      [0, first],
      [10 * second, failed],
      [20 * second, drained],
      [21 * second, { ...drained, nodes: first.nodes }],
    ]);
    expect(timeline.since(0).entries).toMatchObject([
      { kind: 'task failed', at: 3 * second, viewAt: 10 * second, after: null },
      { kind: 'drained', at: 20 * second, viewAt: 20 * second, after: 10 * second },
      { kind: 'activated', at: 21 * second, after: null },
    ]);
    expect(timeline.since(0).spans).toMatchObject([{ to: 3 * second, end: 'failed' }]);
  });

  test('is not before the last view, whatever a clock says', () => {
    const failed = withTask(first, { state: 'failed', stateAt: -3600 * second });
    const timeline = new TimelineRecorder();
    tell(timeline, [
      [0, first],
      [10 * second, failed],
    ]);
    expect(timeline.since(0).entries).toMatchObject([{ at: 10 * second, after: 0 }]);
  });

  test('a task that was created and failed between two views has a span', () => {
    const brief = aTask({
      slot: 9,
      state: 'failed',
      seenAt: null,
      createdAt: 2 * second,
      stateAt: 4 * second,
    });
    const timeline = new TimelineRecorder();
    tell(timeline, [
      [0, first],
      [10 * second, { ...first, tasks: [brief, ...first.tasks] }],
    ]);
    expect(timeline.since(0).spans).toMatchObject([
      { slot: 9, node: 'zero1', from: 2 * second, to: 4 * second, end: 'failed' },
    ]);
  });

  test('a machine that slept has left a gap', () => {
    const timeline = new TimelineRecorder();
    tell(timeline, [
      [0, first],
      [3600 * second, withTask(first, { state: 'failed', stateAt: 60 * second })],
    ]);
    expect(timeline.since(0).gaps).toMatchObject([{ from: 0, to: 3600 * second }]);
    expect(timeline.since(0).entries).toMatchObject([{ at: 60 * second, unseen: 'not watched' }]);
  });
});

test('a span keeps the name of a node that leaves', () => {
  const first = aView();
  const timeline = new TimelineRecorder();
  const nodes = first.nodes.filter(({ name }) => name !== 'zero1');
  const [node] = first.nodes.filter(({ name }) => name === 'zero1');
  const tasks = first.tasks.filter(({ nodeId }) => nodeId !== node?.id);
  tell(timeline, [
    [0, first],
    [1000, { ...first, nodes, tasks, goneNodes: [{ id: node?.id ?? '', name: 'zero1' }] }],
  ]);
  expect(timeline.since(0).spans).toMatchObject([{ nodeId: node?.id, node: 'zero1' }]);
});

test('records what the dashboard does to the swarm', () => {
  const timeline = new TimelineRecorder();
  const about = { serviceId: 'id-goweb', nodeId: null, taskId: null, time: null };
  timeline.addAction({ kind: 'run started', text: 'A run started', bad: false, ...about }, 5);
  expect(timeline.since(0).entries).toMatchObject([{ kind: 'run started', at: 5, viewAt: 5 }]);
});

test('thousands of runs do not push out what happened before them', () => {
  const timeline = new TimelineRecorder();
  const view = aView();
  const failed = withTask(view, { state: 'failed' });
  tell(timeline, [
    [0, view],
    [1000, failed],
  ]);
  const about = { serviceId: 'id-goweb', nodeId: null, taskId: null, time: null, bad: false };
  const second = 1000;
  for (let run = 1; run <= 3000; run++) {
    const at = (run + 1) * 10 * second;
    timeline.addAction({ kind: 'run started', text: `Run ${run} started`, ...about }, at);
    timeline.addAction({ kind: 'run ended', text: `Run ${run} ended`, ...about }, at + second);
    timeline.add(failed, null, failed, at + second);
  }
  const day = timeline.all(failed, 0, null, 3001 * 10 * second);
  expect(day.forgottenUntil).toBeNull();
  expect(day.entries[0]).toMatchObject({ at: 1000, kind: 'task failed' });
  const runs = day.entries.filter(({ kind }) => kind === 'run started');
  expect(runs.reduce((sum, { count }) => sum + (count ?? 1), 0)).toBe(3000);
});

describe('a restart', () => {
  const first = aView();
  const failed = withTask(first, { state: 'failed', exitCode: 137, stateAt: 1000 });

  /** What a recorder keeps, record by record. */
  function kept(timeline: TimelineRecorder) {
    let records = timeline.records();
    timeline.keepIn({
      add: (record) => records.push(record),
      replace: () => (records = timeline.records()),
    });
    return () => records.map((record) => structuredClone(record));
  }

  function restored(records: Iterable<HistoryRecord>, now: number) {
    const timeline = new TimelineRecorder();
    return { timeline, last: timeline.restore(records, now) };
  }

  test('continues where the last process ended, with a gap', () => {
    const before = new TimelineRecorder();
    const records = kept(before);
    tell(before, [
      [0, first],
      [1000, failed],
      [1100, failed],
    ]);
    before.alive(5000);
    const { timeline, last } = restored(records(), 65_000);
    expect(last).toEqual({ at: 5000, view: failed });
    expect(timeline.all(null, 0, null, 65_000).gaps).toMatchObject([
      { from: 5000, to: null, why: 'not running' },
    ]);
    expect(timeline.since(0).entries).toEqual(before.since(0).entries);
    const scaled = { ...failed, services: [aService({ replicas: 5 })] };
    timeline.add(scaled, diffViews(failed, scaled), failed, 65_000, 1, () => 30_000);
    expect(timeline.since(0).gaps).toMatchObject([{ from: 5000, to: 65_000, why: 'not running' }]);
    expect(timeline.since(0).entries.at(-1)).toMatchObject({
      kind: 'scaled',
      at: 30_000,
      viewAt: 65_000,
      unseen: 'not running',
    });
    expect(timeline.viewAt(999)?.view).toEqual(first);
    expect(timeline.viewAt(40_000)).toEqual({ at: 1000, view: failed });
    expect(timeline.viewAt(65_000)?.view).toEqual(scaled);
  });

  test('records once a minute that nothing changed', () => {
    const timeline = new TimelineRecorder();
    const records = kept(timeline);
    timeline.add(first, null, null, 0);
    for (const at of [30_000, 60_000, 90_000]) timeline.add(first, null, first, at);
    expect(records().flatMap((one) => ('alive' in one ? one.alive : []))).toEqual([0, 60_000]);
  });

  test('loses the views after a missing record, but no other one', () => {
    const before = new TimelineRecorder();
    const records = kept(before);
    const added = { ...first, tasks: [...first.tasks, aTask({ slot: 8 })] };
    const changed = { ...added, tasks: [...first.tasks, aTask({ slot: 8, state: 'failed' })] };
    tell(before, [
      [0, first],
      [1000, added],
      [2000, changed],
    ]);
    const lost = records().filter((record) => !('patch' in record) || record.patch.at !== 1000);
    const { timeline, last } = restored(lost, 3000);
    expect(last).toBeNull();
    expect(timeline.since(0).entries).toEqual(before.since(0).entries);
    expect(timeline.viewAt(500)?.view).toEqual(first);
  });

  test('records a whole view after a missing record, and goes on for more than an hour', () => {
    const before = new TimelineRecorder();
    const records = kept(before);
    const added = { ...first, tasks: [...first.tasks, aTask({ slot: 8 })] };
    const changed = { ...added, tasks: [...first.tasks, aTask({ slot: 8, state: 'failed' })] };
    tell(before, [
      [0, first],
      [500, failed],
      [1000, added],
      [2000, changed],
    ]);
    const lost = records().filter((record) => !('patch' in record) || record.patch.at !== 1000);
    const { timeline } = restored(lost, 3000);
    const appended = [...lost];
    timeline.keepIn({ add: (record) => appended.push(structuredClone(record)), replace: () => {} });
    const isKnown = (one: TimelineRecorder) => {
      expect(one.viewAt(400)).toEqual({ at: 0, view: first });
      expect(one.viewAt(900)).toEqual({ at: 500, view: failed });
      expect(one.viewAt(3000)).toEqual({ at: 3000, view: changed });
      expect(one.viewAt(60_000)).toEqual({ at: 60_000, view: added });
      expect(one.viewAt(120_000)).toEqual({ at: 120_000, view: changed });
    };
    tell(timeline, [
      [3000, changed],
      [60_000, added],
      [120_000, changed],
    ]);
    isKnown(timeline);
    isKnown(restored(appended, 130_000).timeline);
    isKnown(restored(timeline.records(), 130_000).timeline);
    for (let minute = 3; minute <= 65; minute++) {
      timeline.add(changed, null, changed, minute * 60_000);
    }
    isKnown(timeline);
    isKnown(restored(appended, 65 * 60_000).timeline);
    isKnown(restored(timeline.records(), 65 * 60_000).timeline);
  });

  test('a clock that is set afterwards moves only what was recorded since', () => {
    const before = new TimelineRecorder();
    const records = kept(before);
    tell(before, [
      [10_000, first],
      [11_000, failed],
    ]);
    // The machine starts with an old clock, which is set an hour later.
    const { timeline } = restored(records(), 12_000);
    timeline.add(first, diffViews(failed, first), failed, 12_000);
    timeline.shiftTimes(new TimeShift(TIMELINE_MS));
    const now = 12_000 + TIMELINE_MS;
    expect(timeline.all(null, 0, null, now).gaps).toMatchObject([
      { from: 11_000, to: now, why: 'not running' },
    ]);
    expect(timeline.all(null, 0, null, now).entries.map(({ viewAt }) => viewAt)).toEqual([
      11_000,
      now,
    ]);
    expect(timeline.viewAt(now - 1)).toEqual({ at: 11_000, view: failed });
    expect(timeline.viewAt(now)?.view).toMatchObject({
      nodes: first.nodes.map(({ id }) => ({ id })),
    });
  });

  describe('with a clock behind the last record', () => {
    const minute = 60_000;
    const [ended, booted, right] = [110 * minute, 78 * minute, 180 * minute];
    const scaled = { ...failed, services: [aService({ replicas: 5 })] };
    const shift = () => new TimeShift(right - booted);

    /** A recorder that continues a process which recorded until `ended`. */
    function rebooted() {
      const before = new TimelineRecorder();
      const records = kept(before);
      tell(before, [
        [ended - minute, first],
        [ended, failed],
      ]);
      return restored(records(), booted).timeline;
    }

    test('a restart is a gap that ends where the clock that was set has the first view', () => {
      const timeline = rebooted();
      timeline.add(scaled, diffViews(failed, scaled), failed, booted);
      timeline.shiftTimes(shift());
      expect(timeline.lastAt).toBe(right);
      const { gaps, entries } = timeline.all(null, 0, null, right);
      expect(gaps).toMatchObject([{ from: ended, to: right, why: 'not running' }]);
      expect(entries.at(-1)).toMatchObject({
        kind: 'scaled',
        at: right,
        after: ended,
        unseen: 'not running',
      });
      expect(timeline.viewAt(right - 1)).toMatchObject({ at: ended });
      expect(timeline.viewAt(right)).toMatchObject({ at: right });
      // What follows is no longer of the restart.
      timeline.add(failed, diffViews(scaled, failed), scaled, right + minute);
      expect(timeline.since(0).entries.at(-1)).toMatchObject({ after: right, unseen: null });
      timeline.shiftTimes(new TimeShift(1000));
      expect(timeline.since(0).entries.at(-1)).toMatchObject({ after: right + 1000 });
    });

    test.each(['before the engine responds', 'after the engine did not respond'])(
      'what earlier processes recorded stays when the clock is set %s',
      (when) => {
        const timeline = rebooted();
        if (when.startsWith('after')) timeline.openGap(booted);
        timeline.shiftTimes(shift());
        expect(timeline.lastAt).toBe(ended);
        timeline.add(scaled, diffViews(failed, scaled), failed, right);
        expect(timeline.since(0).gaps).toMatchObject([{ from: ended, to: right }]);
        expect(timeline.since(0).entries.at(-1)).toMatchObject({ at: right, after: ended });
        expect(timeline.viewAt(right - 1)).toMatchObject({ at: ended });
      },
    );
  });

  describe('with a clock that stays behind the last record', () => {
    const minute = 60_000;
    const [future, booted] = [80 * 24 * 60 * minute, 100 * minute];
    const scaled = { ...failed, services: [aService({ replicas: 5 })] };

    function continued() {
      const before = new TimelineRecorder();
      const records = kept(before);
      tell(before, [
        [booted - minute, first],
        [future, failed],
        [future + minute, scaled],
        [future + 2 * minute, failed],
      ]);
      const { timeline } = restored(records(), booted);
      return { timeline, kept: kept(timeline) };
    }

    test('the views that follow are found at their times, also after another restart', () => {
      const { timeline, kept } = continued();
      timeline.add(scaled, diffViews(failed, scaled), failed, booted);
      timeline.add(first, diffViews(scaled, first), scaled, booted + minute);
      const again = restored(kept(), booted + 2 * minute).timeline;
      for (const one of [timeline, again]) {
        expect(one.viewAt(booted)).toEqual({ at: booted, view: scaled });
        expect(one.viewAt(booted + minute)).toEqual({ at: booted + minute, view: first });
      }
    });

    test('the gap is not longer than nothing', () => {
      const { timeline } = continued();
      timeline.add(scaled, diffViews(failed, scaled), failed, booted);
      const { gaps } = timeline.all(null, 0, null, booted);
      expect(gaps.map(({ from, to }) => (to ?? booted) - from)).toEqual(
        expect.arrayContaining([0]),
      );
      for (const { from, to } of [...gaps, ...timeline.since(0).gaps]) {
        expect(to ?? booted).toBeGreaterThanOrEqual(from);
      }
    });

    test('what it recorded of times to come is dropped after an hour, and nothing else', () => {
      const { timeline, kept } = continued();
      timeline.add(scaled, diffViews(failed, scaled), failed, booted);
      const end = booted + TIMELINE_MS;
      timeline.add(scaled, null, scaled, end - minute);
      const texts = (one: TimelineRecorder) =>
        one.all(null, 0, null, end).entries.map(({ at, text }) => [at, text]);
      expect(texts(timeline)).toContainEqual([future + minute, 'goweb was scaled from 3 to 5']);
      const { shifts } = timeline;
      timeline.add(scaled, null, scaled, end);
      expect(timeline.shifts).toBe(shifts + 1);
      const again = restored(kept(), end).timeline;
      for (const one of [timeline, again]) {
        expect(texts(one)).toEqual([[booted, 'goweb was scaled from 3 to 5']]);
        expect(one.viewAt(end)?.view).toEqual(scaled);
        expect(one.viewAt(future + minute)?.at).toBeLessThanOrEqual(end);
        expect(one.viewAt(booted - minute)?.view).toEqual(first);
      }
      // From now on the clock is this process's own.
      timeline.shiftTimes(new TimeShift(5000));
      expect(timeline.lastAt).toBe(end + 5000);
    });
  });

  test('property: after any change of the clock each view is found at its new time', () => {
    const states = fc.array(fc.constantFrom('running' as const, 'failed' as const), {
      minLength: 1,
      maxLength: 6,
    });
    const ms = fc.integer({ min: -20_000_000, max: 20_000_000 });
    fc.assert(
      fc.property(states, states, ms, fc.nat({ max: 20_000_000 }), (earlier, own, ms, pause) => {
        const start = 100_000_000;
        const views = (list: typeof own, from: number) =>
          list.map((state, at): [number, SwarmView] => [
            from + at * 10_000,
            withTask(first, { state, stateAt: from + at * 10_000 }),
          ]);
        const before = new TimelineRecorder();
        const records = kept(before);
        tell(before, views(earlier, start));
        const looks = views(own, start + 60_000 + pause);
        const [firstLook] = looks;
        if (!firstLook) return;
        const { timeline, last } = restored(records(), firstLook[0]);
        const keptLater = kept(timeline);
        let view = last?.view ?? null;
        for (const [at, next] of looks) {
          timeline.add(next, view && diffViews(view, next), view, at);
          view = next;
        }
        const shift = new TimeShift(ms, last);
        timeline.shiftTimes(shift);
        const now = (looks.at(-1)?.[0] ?? 0) + ms;
        for (const one of [timeline, restored(keptLater(), now).timeline]) {
          for (const [at, shown] of looks) {
            expect(one.viewAt(at + ms)?.view).toEqual(shift.view(shown));
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  test('property: records restore the same history, at any time of it', () => {
    const state = fc.constantFrom('running' as const, 'failed' as const);
    const task = fc.record({ slot: fc.integer({ min: 1, max: 3 }), state });
    const step = fc.record({
      // From a second to half a day.
      after: fc.integer({ min: 1, max: 43_200 }),
      tasks: fc.uniqueArray(task, { selector: ({ slot }) => slot }),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 20 }), (steps) => {
        const before = new TimelineRecorder();
        const records = kept(before);
        const looks: [number, SwarmView][] = [];
        for (const { after, tasks } of steps) {
          const at = (looks.at(-1)?.[0] ?? 0) + after * 1000;
          looks.push([at, aView({ tasks: tasks.map(aTask) })]);
        }
        tell(before, looks);
        const now = looks.at(-1)?.[0] ?? 0;
        for (const given of [records(), before.records()]) {
          const { timeline, last } = restored(given, now);
          expect(last?.view).toEqual(looks.at(-1)?.[1]);
          const { gaps, ...rest } = timeline.all(null, 0, null, now);
          const { gaps: gapsBefore, ...expected } = before.all(null, 0, null, now);
          expect(rest).toEqual(expected);
          expect(gaps.slice(0, -1)).toEqual(gapsBefore);
          const recent = looks.filter(([at]) => at > now - 23 * TIMELINE_MS);
          for (const [at] of recent) expect(timeline.viewAt(at)).toEqual(before.viewAt(at));
        }
      }),
      { numRuns: 30 },
    );
  });
});

test('a patch that does not match loses views, but no later one', () => {
  const timeline = new TimelineRecorder();
  const first = aView();
  const failed = withTask(first, { state: 'failed' });
  timeline.add(first, null, null, 0);
  timeline.add(first, { tasks: [{ id: 'unknown', state: 'failed' }] }, first, 1000);
  expect(timeline.viewAt(500)?.view).toEqual(first);
  expect(timeline.viewAt(1000)).toBeNull();
  const late = TIMELINE_MS + 2000;
  timeline.add(first, null, first, late);
  timeline.add(failed, diffViews(first, failed), first, late + 1000);
  expect(timeline.viewAt(500)?.view).toEqual(first);
  expect(timeline.viewAt(late + 1000)).toEqual({ at: late + 1000, view: failed });
  timeline.add(first, diffViews(failed, first), failed, late + 2000);
  expect(timeline.viewAt(late + 1500)?.view).toEqual(failed);
  expect(timeline.viewAt(late + 2000)?.view).toEqual(first);
});

test('while the tasks are refused there is a gap, and their spans go on', () => {
  const timeline = new TimelineRecorder();
  const first = aView();
  const refused = { ...first, tasks: [], refused: { reads: ['TASKS' as const], changes: {} } };
  tell(timeline, [
    [0, first],
    [1000, refused],
    [2000, refused],
    [3000, first],
  ]);
  expect(timeline.since(0)).toMatchObject({
    entries: [],
    spans: [],
    gaps: [{ from: 1000, to: 3000, why: 'no data from the engine' }],
  });
  expect(timeline.viewAt(1500)?.view.tasks).toEqual([]);
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aService, aTask, aView, changedTask } from '@/tests/factories/view';
import { diffViews } from './patch';
import { openSpans } from './spans';
import type { Span } from './timeline-schemas';
import { TimelineRecorder, TIMELINE_MS } from './timeline';
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
    expect(timeline.taskStates('nobody')).toEqual([]);
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
    expect(words(openSpans(last.tasks))).toEqual(lasts);
    // A viewer without a view receives both.
    expect(words(timeline.all(last).spans)).toEqual([...ended, ...lasts]);
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
    expect(openSpans(before.tasks)).toEqual([]);
    const moving = openSpans([aTask({ state: 'preparing' }), aTask({ phase: 'lost' })]);
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
    expect(timeline.all(first).gaps).toMatchObject([{ from: 1000, to: null }]);
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

  test('drops entries older than an hour and keeps the view they lead to', () => {
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
    expect(openSpans(after.tasks)).toHaveLength(1499);
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

  test('drops views above the memory limit and reports it', () => {
    const timeline = new TimelineRecorder();
    const looks = Array.from({ length: 50 }, (_, at): [number, SwarmView] => [
      at,
      aView({ tasks: [aTask({ error: `${at}`.padEnd(100_000, 'x') })] }),
    ]);
    tell(timeline, looks);
    const { forgottenUntil } = timeline.since(0);
    expect(forgottenUntil).toBeGreaterThan(5);
    expect(timeline.viewAt((forgottenUntil ?? 0) - 1)).toBeNull();
    expect(timeline.viewAt(forgottenUntil ?? 0)?.at).toBe(forgottenUntil);
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

import { describe, expect, test } from 'vitest';
import { aNode, aService, aView } from '@/tests/factories/view';
import type { Attribution } from './attributions';
import { diffViews } from './patch';
import { TimelineRecorder } from './timeline';
import type { NodeView, SwarmView } from './view';

const first = aView();
const service = first.services[0] ?? aService({});
const scaledTo = (replicas: number): SwarmView => ({
  ...first,
  services: [{ ...service, replicas }],
});

const scaling = (over: Partial<Attribution> = {}): Attribution => ({
  by: 'operator at 10.0.0.7',
  id: service.id,
  kinds: ['scaled'],
  entry: {
    kind: 'scaled',
    text: 'goweb was scaled to 5',
    bad: false,
    serviceId: service.id,
    nodeId: null,
    taskId: null,
    time: null,
  },
  ...over,
});

/** A timeline that has seen the first view, and what it is shown next. */
function aTimeline() {
  const timeline = new TimelineRecorder();
  timeline.add(first, null, null, 0);
  let before = first;
  return {
    timeline,
    see: (at: number, view: SwarmView) => {
      timeline.add(view, diffViews(before, view), before, at);
      before = view;
    },
    entries: () => timeline.since(0).entries.map(({ at, text, by }) => ({ at, text, by })),
  };
}

describe('a change through this dashboard', () => {
  test('is attributed once, also if a view has it before the engine has answered', () => {
    const { timeline, see, entries } = aTimeline();
    const { accepted } = timeline.attributions.announce(scaling());
    see(1000, scaledTo(5));
    accepted(1005);
    see(2000, scaledTo(6));
    see(9000, scaledTo(6));
    expect(entries()).toEqual([
      { at: 1000, text: 'goweb was scaled from 3 to 5', by: 'operator at 10.0.0.7' },
      { at: 2000, text: 'goweb was scaled from 5 to 6', by: undefined },
    ]);
  });

  test('that failed, or is about another service or kind, attributes nothing', () => {
    const { timeline, see, entries } = aTimeline();
    timeline.attributions.announce(scaling()).failed();
    timeline.attributions.announce(scaling({ id: 'other' }));
    timeline.attributions.announce(scaling({ kinds: ['updated'] }));
    see(1000, scaledTo(5));
    expect(entries()).toEqual([{ at: 1000, text: 'goweb was scaled from 3 to 5', by: undefined }]);
  });

  test('that no view shows is recorded by itself after a while, at its own time', () => {
    const { timeline, see, entries } = aTimeline();
    timeline.attributions.announce(scaling()).accepted(1000);
    see(3500, first);
    expect(entries()).toEqual([]);
    see(4000, first);
    see(9000, first);
    expect(entries()).toEqual([
      { at: 1000, text: 'goweb was scaled to 5', by: 'operator at 10.0.0.7' },
    ]);
  });

  test('of a new service is found by its text, as it has no id yet', () => {
    const { timeline, see, entries } = aTimeline();
    const text = 'shop was created';
    const entry = { ...scaling().entry, kind: 'service created' as const, text, serviceId: null };
    timeline.attributions.announce(scaling({ id: null, kinds: ['service created'], entry }));
    see(1000, {
      ...first,
      services: [...first.services, aService({ id: 'id-mart', name: 'mart' })],
    });
    see(2000, {
      ...first,
      services: [...first.services, aService({ id: 'id-shop', name: 'shop' })],
    });
    expect(entries().filter(({ by }) => by !== undefined)).toEqual([
      { at: 2000, text, by: 'operator at 10.0.0.7' },
    ]);
  });

  test('several changes of one service are each attributed to their own people', () => {
    const { timeline, see, entries } = aTimeline();
    timeline.attributions.announce(scaling({ by: 'a' })).accepted(900);
    see(1000, scaledTo(5));
    timeline.attributions.announce(scaling({ by: 'b' })).accepted(1900);
    see(2000, scaledTo(4));
    expect(entries().map(({ by }) => by)).toEqual(['a', 'b']);
  });

  test('several scales between two views are each attributed to their own people', () => {
    const { timeline, see, entries } = aTimeline();
    const scale = (by: string, from: string, to: string) =>
      timeline.attributions.announce(scaling({ by, scaled: { from, to } }));
    scale('a', '3', '5').accepted(800);
    // Somebody else has scaled it from 5 to 6.
    scale('b', '6', '2').accepted(900);
    scale('c', '2', '4');
    see(1000, scaledTo(4));
    see(4000, scaledTo(4));
    expect(entries().map(({ text, by }) => [text, by])).toEqual([
      ['goweb was scaled from 3 to 6', undefined],
      ['goweb was scaled from 6 to 2', 'b'],
      ['goweb was scaled from 2 to 4', 'c'],
      ['goweb was scaled to 5', 'a'],
    ]);
  });

  test('to another number of replicas than the view shows is not the one that it shows', () => {
    const { timeline, see, entries } = aTimeline();
    timeline.attributions.announce(scaling({ scaled: { from: '3', to: '5' } })).accepted(900);
    see(1000, scaledTo(4));
    see(4000, scaledTo(4));
    expect(entries().map(({ at, text, by }) => [at, text, by])).toEqual([
      [1000, 'goweb was scaled from 3 to 4', undefined],
      [900, 'goweb was scaled to 5', 'operator at 10.0.0.7'],
    ]);
  });

  test('to another image than the view shows is not the one that it shows', () => {
    const text = 'goweb was updated to goweb:3.0';
    const entry = { ...scaling().entry, kind: 'updated' as const, text };
    for (const [image, by] of [
      ['goweb:2.0', undefined],
      ['goweb:3.0', 'operator at 10.0.0.7'],
    ] as const) {
      const { timeline, see, entries } = aTimeline();
      const update = scaling({ kinds: ['updated'], image: 'goweb:3.0', replaces: true, entry });
      timeline.attributions.announce(update).accepted(900);
      see(1000, { ...first, services: [{ ...service, image }] });
      expect(entries()).toEqual([{ at: 1000, text: `goweb was updated to ${image}`, by }]);
    }
  });

  test('is in the first view with a higher version, and no later one shows it', () => {
    const { timeline, see, entries } = aTimeline();
    const version = 7;
    const at = (version: number, replicas: number) => ({
      ...first,
      services: [{ ...service, version, replicas }],
    });
    const text = 'goweb was rolled back';
    const entry = { ...scaling().entry, kind: 'rolled back' as const, text, bad: true };
    const mistaken = { kind: 'rolled back', shownAs: 'updated' } as const;
    const kinds = ['rolled back', 'scaled'] as const;
    const scaled = { from: '4', to: '5' };
    const rollback = scaling({ kinds, mistaken, version, scaled, entry });
    see(500, at(6, 3));
    // Somebody else, before the rollback.
    timeline.attributions.announce(rollback).accepted(900);
    see(1000, at(7, 5));
    // Its own scale was undone before this view.
    see(1100, at(9, 4));
    // Somebody else, afterwards.
    see(1200, at(10, 5));
    const update = { state: 'rollback_started', message: '', startedAt: 1300, note: null };
    see(1300, { ...first, services: [{ ...service, version: 11, replicas: 5, update }] });
    see(9000, at(12, 5));
    expect(entries().filter(({ by }) => by !== undefined)).toEqual([
      { at: 900, text, by: 'operator at 10.0.0.7' },
    ]);
  });

  test('of a manager’s role is in a view later than its version', () => {
    const { timeline, see, entries } = aTimeline();
    const [node = aNode(), ...nodes] = first.nodes;
    const at = (over: Partial<NodeView>) => ({ ...first, nodes: [{ ...node, ...over }, ...nodes] });
    const text = 'ctrl became a worker';
    const entry = { ...scaling().entry, kind: 'demoted' as const, text };
    const demotion = scaling({ kinds: ['demoted'], id: node.id, version: 1, entry });
    timeline.attributions.announce(demotion).accepted(900);
    see(1000, at({ version: 2 }));
    see(1600, at({ version: 3, role: 'worker' }));
    expect(entries()).toEqual([{ at: 1600, text, by: 'operator at 10.0.0.7' }]);
  });

  test('rollbacks that no view shows are each attributed by their time', () => {
    const { timeline } = aTimeline();
    const text = 'goweb was rolled back';
    const entry = { ...scaling().entry, kind: 'rolled back' as const, text, bad: true };
    const rollback = scaling({ kinds: ['rolled back'], entry });
    timeline.attributions.announce(rollback, 2900).accepted(3010);
    const after = { ...first, services: [{ ...service, version: 9 }] };
    const missed = [1000, 2950, 3600].map((at) => ({ state: 'rollback_started' as const, at }));
    timeline.add(after, diffViews(first, after), first, 4000, 0, undefined, () => missed);
    expect(timeline.since(0).entries.map(({ at, by }) => [at, by])).toEqual([
      [1000, undefined],
      [2950, 'operator at 10.0.0.7'],
      [3600, undefined],
    ]);
  });

  test('that changes the replicas and more is attributed in both, with its own words on the rest', () => {
    const { timeline, see, entries } = aTimeline();
    const entry = {
      ...scaling().entry,
      kind: 'updated' as const,
      text: 'goweb was updated (labels)',
    };
    const kinds = ['updated', 'scaled'] as const;
    timeline.attributions.announce(scaling({ kinds, entry, replaces: true })).accepted(900);
    const image = 'carmeloc/goweb:2.0';
    see(1000, { ...first, services: [{ ...service, replicas: 5, image }] });
    see(9000, { ...first, services: [{ ...service, replicas: 5, image }] });
    expect(entries().map(({ text, by }) => [text, by])).toEqual([
      ['goweb was scaled from 3 to 5', 'operator at 10.0.0.7'],
      ['goweb was updated (labels)', 'operator at 10.0.0.7'],
    ]);
  });

  test('that changes the replicas and what no view shows has an entry for the rest, too', () => {
    const { timeline, see, entries } = aTimeline();
    const text = 'goweb was updated (label a)';
    const entry = { ...scaling().entry, kind: 'updated' as const, text };
    const kinds = ['updated', 'scaled'] as const;
    timeline.attributions.announce(scaling({ kinds, entry, replaces: true })).accepted(900);
    see(1000, scaledTo(5));
    see(9000, scaledTo(5));
    const by = 'operator at 10.0.0.7';
    expect(entries()).toContainEqual({ at: 900, text, by });
    expect(entries()).toContainEqual({ at: 1000, text: 'goweb was scaled from 3 to 5', by });
    expect(entries()).toHaveLength(2);
  });

  test('a rollback after a rollback, which a view shows as an update, is one entry', () => {
    const { timeline, see, entries } = aTimeline();
    const text = 'goweb was rolled back';
    const entry = { ...scaling().entry, kind: 'rolled back' as const, text, bad: true };
    const mistaken = { kind: 'rolled back', shownAs: 'updated' } as const;
    const rollback = scaling({ kinds: ['rolled back'], mistaken, entry });
    timeline.attributions.announce(rollback).accepted(900);
    const image = 'carmeloc/goweb:2.0';
    see(1000, { ...first, services: [{ ...service, image }] });
    see(9000, { ...first, services: [{ ...service, image }] });
    expect(entries()).toEqual([{ at: 1000, text, by: 'operator at 10.0.0.7' }]);
  });

  test('is not remembered without end', () => {
    const { timeline, see } = aTimeline();
    for (let i = 0; i < 1200; i++) timeline.attributions.announce(scaling()).accepted(1000);
    see(5000, first);
    expect(timeline.since(0).entries).toHaveLength(1000);
  });
});

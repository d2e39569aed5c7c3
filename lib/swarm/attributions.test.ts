import { describe, expect, test } from 'vitest';
import { aService, aView } from '@/tests/factories/view';
import type { Attribution } from './attributions';
import { diffViews } from './patch';
import { TimelineRecorder } from './timeline';
import type { SwarmView } from './view';

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

  test('several changes between two views: the one that stands is attributed, the others are recorded', () => {
    const { timeline, see, entries } = aTimeline();
    timeline.attributions.announce(scaling({ by: 'a' })).accepted(900);
    timeline.attributions.announce(scaling({ by: 'b' })).accepted(950);
    timeline.attributions.announce(scaling({ by: 'c' }));
    see(1000, scaledTo(4));
    see(4000, scaledTo(4));
    expect(entries().map(({ text, by }) => [text, by])).toEqual([
      ['goweb was scaled from 3 to 4', 'b'],
      ['goweb was scaled to 5', 'a'],
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

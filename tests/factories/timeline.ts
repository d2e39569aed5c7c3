import type { Gap, Span, TimelineEntry } from '@/lib/swarm/timeline-schemas';

/** Builders for timeline records in unit tests. */

let seq = 0;

/** `goweb.2` died on zero1 at 1000. */
export function anEntry(over: Partial<TimelineEntry> = {}): TimelineEntry {
  return {
    seq: ++seq,
    at: 1000,
    viewAt: over.at ?? 1000,
    after: null,
    unseen: null,
    kind: 'task failed',
    text: 'goweb.2 on zero1 died (exit 137)',
    bad: true,
    serviceId: 'id-goweb',
    nodeId: 'id-zero1',
    taskId: 'task-2',
    time: null,
    ...over,
  };
}

/** goweb.1, running on zero1 since 0. */
export function aSpan(over: Partial<Span> = {}): Span {
  return {
    taskId: `task-${++seq}`,
    name: `goweb.${over.slot ?? 1}`,
    serviceId: 'id-goweb',
    slot: 1,
    nodeId: 'id-zero1',
    node: over.nodeId?.replace('id-', '') ?? 'zero1',
    from: 0,
    to: null,
    end: 'running',
    ...over,
  };
}

/** A gap from 1000 to 2000 with no dashboard open. */
export function aGap(over: Partial<Gap> = {}): Gap {
  return { seq: ++seq, from: 1000, to: 2000, why: 'not watched', ...over };
}

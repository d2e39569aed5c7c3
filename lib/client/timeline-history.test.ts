import { expect, test } from 'vitest';
import type { LiveMessage } from '@/lib/api';
import { addToTimeline } from './timeline-history';

const HOUR = 3_600_000;
type TimelineMessage = Extract<LiveMessage, { kind: 'timeline' }>;
const aMessage = (over: Partial<TimelineMessage> = {}): TimelineMessage => ({
  kind: 'timeline',
  reset: false,
  entries: [],
  spans: [],
  gaps: [],
  forgottenUntil: null,
  ...over,
});
const aSpan = (taskId: string, from: number, to: number) => {
  const about = { taskId, name: taskId, serviceId: 's', slot: 1, nodeId: 'n', node: 'n' };
  return { ...about, from, to, end: 'stopped' as const };
};

test('drops what ended more than an hour ago', () => {
  const before = addToTimeline(undefined, aMessage({ reset: true, spans: [aSpan('old', 0, 1)] }));
  const fresh = Array.from({ length: 30 }, (_, at) => aSpan(`new-${at}`, 0, HOUR + 2 + at));
  const after = addToTimeline(before, aMessage({ spans: fresh }));
  expect(after.spans).toEqual(fresh);
});

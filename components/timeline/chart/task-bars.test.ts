import { describe, expect, test } from 'vitest';
import type { Span } from '@/lib/swarm/timeline-schemas';
import { aSpan } from '@/tests/factories/timeline';
import { timeScale } from '../time-window';
import type { DownTime } from './down-times';
import { assignRows, taskBars } from './task-bars';

const SCALE = timeScale({ from: 0, to: 1000 }, 1000);
const bars = (spans: Span[], mergeDistance = 4, downTimes: DownTime[] = []) =>
  taskBars(spans, assignRows(spans), SCALE, mergeDistance, downTimes);

test('a replacement is in the row of its slot; parallel tasks have separate rows', () => {
  const one = aSpan({ slot: 1, from: 0, to: 100, end: 'failed' });
  const two = aSpan({ slot: 2, from: 0, to: 50, end: 'failed' });
  const next = aSpan({ slot: 1, from: 100 });
  const rows = assignRows([next, one, two]);
  expect([one, two, next].map(({ taskId }) => rows.get(taskId))).toEqual([0, 1, 0]);
});

describe('task bars', () => {
  test('are clipped to the window and show an end only inside it', () => {
    const spans = [
      aSpan({ from: -50, to: 100, end: 'failed' }),
      aSpan({ slot: 2, from: 900, to: 1100, end: 'stopped' }),
      aSpan({ slot: 3, from: 1200 }),
    ];
    expect(bars(spans)).toMatchObject([
      { x: 0, width: 100, end: 'failed', letter: true },
      { x: 900, width: 100, end: null },
    ]);
  });

  test('mark the time in which the node was down as unknown', () => {
    const lost = aSpan({ from: 100, end: 'lost' });
    const whole = { x: 100, width: 900 };
    expect(bars([lost], 4, [{ from: 700, to: null }])[0]).toMatchObject({
      ...whole,
      lost: [{ x: 700, width: 300 }],
    });
    expect(bars([lost])[0]?.lost).toEqual([whole]);
    const stopped = aSpan({ from: 100, to: 600, end: 'stopped' });
    const downTimes = [
      { from: 0, to: 50 },
      { from: 300, to: 400 },
    ];
    expect(bars([stopped], 4, downTimes)[0]?.lost).toEqual([{ x: 300, width: 100 }]);
    expect(bars([stopped])[0]?.lost).toEqual([]);
  });

  test('merge short tasks of one slot into one bar with a count', () => {
    const tries = [0, 3, 6, 9].map((from) => aSpan({ from, to: from + 1, end: 'failed' }));
    expect(bars(tries)).toMatchObject([{ count: 4, end: 'failed', x: 0 }]);
    expect(bars(tries)[0]?.width).toBeCloseTo(11.5);
    expect(bars(tries, 0)).toHaveLength(4);
  });
});

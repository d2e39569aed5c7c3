'use client';

import { useId, useMemo } from 'react';
import type { SwarmView } from '@/lib/swarm/view';
import { clockTime } from '@/lib/swarm/duration';
import { counted } from '@/lib/swarm/words';
import type { TimelineHistory } from '@/lib/client/cache';
import { useBadges } from '@/lib/client/use-badges';
import { useWidth } from '../../ui/use-width';
import { EventStepButton } from '../EventStepButton';
import { useTimelinePosition } from '../time-travel';
import { timeScale } from '../time-window';
import type { TimelineFilter } from '../timeline-filter';
import { useLoadHistory } from '../use-history';
import { useTimeWindow } from '../use-time-window';
import { buildChart } from './build-chart';
import { chartSummary } from './chart-summary';
import { Playhead, TimeAxis, UnrecordedArea } from './ChartFrame';
import { ChartTooltipBox } from './ChartTooltipBox';
import { chartHeight, laneBoxes } from './lane-layout';
import { LaneMarks } from './LaneMarks';
import { LaneNames } from './LaneNames';
import { SliderRow } from './SliderRow';
import { useChartPointer } from './use-chart-pointer';

/**
 * A lane per node with the tasks that ran on it over time. Hovering shows a tooltip, pressing shows
 * the board at that time. The slider below does the same by keyboard; the event list is the text
 * alternative.
 */
export function Swimlanes({
  timeline,
  view,
  filter,
  since,
  listId,
}: {
  timeline: TimelineHistory;
  view: SwarmView;
  filter: TimelineFilter;
  /** Start of the record (ms); null if nothing is recorded. */
  since: number | null;
  listId: string;
}) {
  // A reference such as url(#id) must not contain the colons of React's ids.
  const id = useId().replaceAll(/\W/g, '');
  const { from, to } = useTimeWindow();
  const missing = useLoadHistory(from);
  const { hat, nodes, goneNodes } = view;
  const badgeOf = useBadges(view);
  const { at } = useTimelinePosition();
  const [ref, width] = useWidth();
  const scale = useMemo(() => timeScale({ from, to }, Math.max(1, width)), [from, to, width]);
  const chart = useMemo(
    () => buildChart(timeline, { hat, nodes, goneNodes }, scale, filter),
    [timeline, hat, nodes, goneNodes, scale, filter],
  );
  const boxes = useMemo(() => laneBoxes(chart.lanes), [chart.lanes]);
  const height = chartHeight(boxes);
  const { tooltip, handlers } = useChartPointer(chart, boxes, scale, since);

  return (
    <div className="mb-3.5 grid grid-cols-[minmax(0,max-content)_minmax(0,1fr)] gap-x-1.5 sm:gap-x-2.5">
      <LaneNames lanes={chart.lanes} boxes={boxes} />
      <div
        ref={ref}
        className="relative min-w-0 cursor-crosshair touch-pan-y border-b border-line select-none"
        style={{ height }}
        {...handlers}
      >
        {width > 0 && (
          <svg
            className="block overflow-visible"
            width={width}
            height={height}
            role="img"
            aria-label={chartSummary(chart, clockTime(from), clockTime(to))}
            aria-describedby={listId}
          >
            <TimeAxis scale={scale} height={height} />
            {since !== null && since > from && (
              <UnrecordedArea
                width={scale.toX(since)}
                height={height}
                reason={
                  missing ??
                  (timeline.forgottenUntil === null
                    ? 'No data: recording had not started'
                    : 'No data: no longer kept')
                }
              />
            )}
            <LaneMarks
              id={id}
              chart={chart}
              boxes={boxes}
              width={width}
              height={height}
              badgeOf={badgeOf}
            />
            {at !== null && at >= from && <Playhead x={scale.toX(at)} height={height} />}
            {tooltip && (
              <line
                className="pointer-events-none stroke-accent"
                strokeDasharray="3 2"
                x1={tooltip.x}
                x2={tooltip.x}
                y1={16}
                y2={height}
              />
            )}
          </svg>
        )}
        {tooltip && <ChartTooltipBox tooltip={tooltip} chartWidth={width} />}
      </div>
      <div className="flex items-start gap-1 pt-1.5 max-sm:col-start-2 max-sm:row-start-3">
        <EventStepButton direction="previous" />
        <EventStepButton direction="next" />
      </div>
      <SliderRow />
      {chart.hiddenLanes > 0 && (
        <p className="col-span-full pt-1.5 text-xs text-dim">
          {`${counted(chart.hiddenLanes, 'more node')} with tasks. Choose a node above to show its lane.`}
        </p>
      )}
    </div>
  );
}

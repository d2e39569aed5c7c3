'use client';

import { useId, useMemo, useRef, useState, type PointerEvent } from 'react';
import type { SwarmView } from '@/lib/swarm/view';
import { clockTime } from '@/lib/swarm/duration';
import { serverNow } from '@/lib/client/clock';
import type { TimelineHistory } from '@/lib/client/cache';
import { useWidth } from '../ui/use-width';
import { nodeCondition } from '../board/node-words';
import { Lanes } from './LaneMarks';
import { AXIS, heightOf, placesOf } from './layout';
import { chartOf, chartWords, type Swimlane } from './swimlane-chart';
import type { TimelineFilter } from './list';
import { moments, useMoment } from './time-travel';
import { EventStep, Slider } from './Slider';
import { tipAt, type Tip } from './tips';
import styles from './timeline.module.css';
import { useWindow } from './use-window';
import { ticks } from './window';
import { Led } from '../ui/Led';

/**
 * A lane for each node with the tasks that ran there, by time. Pointing tells what lies there,
 * pressing takes the board to that moment; for the keyboard there is the slider under it, for
 * those who do not see it the list.
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
  /** From when on something is known; null: nothing is. */
  since: number | null;
  listId: string;
}) {
  // Without the signs that a reference in SVG would have to escape.
  const id = useId().replaceAll(/\W/g, '');
  const window = useWindow();
  const { from, to } = window;
  const { at, problem } = useMoment();
  const [ref, width] = useWidth();
  const [tip, setTip] = useState<Tip | null>(null);
  const pressed = useRef(false);
  const { hat, nodes } = view;
  const chart = useMemo(
    () => chartOf(timeline, { hat, nodes }, { from, to }, Math.max(1, width), filter),
    [timeline, hat, nodes, from, to, width, filter],
  );
  const marks = ticks(window, width, width < 500 ? 56 : 80);
  const places = placesOf(chart.lanes);
  const height = heightOf(chart.lanes);
  const x = (time: number) => ((time - from) / (to - from)) * width;

  const timeOf = (event: PointerEvent) => {
    const { left } = event.currentTarget.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - left) / Math.max(1, width)));
    return from + share * (to - from);
  };
  const point = (event: PointerEvent<HTMLDivElement>) => {
    const time = timeOf(event);
    const { top } = event.currentTarget.getBoundingClientRect();
    setTip(tipAt(chart, places, x(time), event.clientY - top, time));
    if (pressed.current) go(time);
  };
  const go = (time: number) => {
    if (time > to - (to - from) / 200) moments.backToNow();
    else moments.goTo(Math.max(time, since ?? 0), serverNow());
  };

  return (
    <div className={styles.chart}>
      <ul className={styles.names} style={{ paddingTop: AXIS }} aria-hidden>
        {chart.lanes.map((lane, index) => (
          <Name key={lane.nodeId} lane={lane} height={places[index]?.height ?? 0} />
        ))}
      </ul>
      <div
        ref={ref}
        className={styles.plot}
        style={{ height }}
        onPointerMove={point}
        onPointerLeave={() => setTip(null)}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          pressed.current = true;
          event.currentTarget.setPointerCapture(event.pointerId);
          go(timeOf(event));
        }}
        onPointerUp={() => (pressed.current = false)}
        onPointerCancel={() => (pressed.current = false)}
      >
        {width > 0 && (
          <svg
            width={width}
            height={height}
            role="img"
            aria-label={chartWords(chart, clockTime(from), clockTime(to))}
            aria-describedby={listId}
          >
            {marks.map((mark) => (
              <g key={mark.at}>
                <line className={styles.grid} x1={mark.x} x2={mark.x} y1={16} y2={height} />
                <text className={styles.tick} x={Math.min(width - 16, Math.max(16, mark.x))} y={11}>
                  {mark.label}
                </text>
              </g>
            ))}
            {since !== null && since > from && (
              <Before
                width={x(since)}
                height={height}
                words={
                  timeline.forgottenUntil === null ? 'nobody had looked yet' : 'no longer kept'
                }
              />
            )}
            <Lanes id={id} chart={chart} places={places} width={width} height={height} />
            {at !== null && at >= from && (
              <g className={styles.head} transform={`translate(${x(at)} 0)`}>
                <line y1={14} y2={height} />
                <path d="M-6 12h12v4l-6 6-6-6z" />
              </g>
            )}
            {tip && <line className={styles.cross} x1={tip.x} x2={tip.x} y1={16} y2={height} />}
          </svg>
        )}
        {tip && <TipBox tip={tip} width={width} />}
      </div>
      <div className={styles.step}>
        <EventStep direction="before" />
        <EventStep direction="after" />
      </div>
      <div className={styles.sliderRow}>
        <Slider />
        <p className={styles.sliderWords}>
          {problem && at !== null ? (
            <span className="text-bad">{`${clockTime(at)}: ${problem.detail}`}</span>
          ) : at === null ? (
            'Drag to see the board as it was.'
          ) : (
            <>
              The board above shows {clockTime(at)}.{' '}
              <button type="button" className="underline" onClick={showBoard}>
                See it
              </button>
            </>
          )}
          <span className="ml-auto">now</span>
        </p>
      </div>
      {chart.hiddenLanes > 0 && (
        <p className={styles.more}>
          {`${chart.hiddenLanes} more nodes had tasks; choose one above to see its lane.`}
        </p>
      )}
    </div>
  );
}

/** The time before anybody looked, or of which not all is kept. */
function Before({ width, height, words }: { width: number; height: number; words: string }) {
  return (
    <g className={styles.before}>
      <rect y={AXIS} width={width} height={height - AXIS} />
      {width > 130 && (
        <text x={width / 2} y={(AXIS + height) / 2}>
          {words}
        </text>
      )}
    </g>
  );
}

function showBoard() {
  document.querySelector('[data-board]')?.scrollIntoView({ behavior: 'smooth', block: 'start' });
}

function Name({ lane, height }: { lane: Swimlane; height: number }) {
  const tone = lane.node ? nodeCondition(lane.node).tone : 'off';
  return (
    <li style={{ height }} title={lane.node ? lane.name : `${lane.name}: has left the swarm`}>
      <Led tone={tone} />
      <span className="truncate">{lane.name}</span>
      {lane.hidden > 0 && (
        <span className="text-dim" title={`${lane.hidden} more tasks for which there is no room`}>
          +{lane.hidden}
        </span>
      )}
    </li>
  );
}

function TipBox({ tip, width }: { tip: Tip; width: number }) {
  const side = tip.x < width / 2 ? { left: tip.x + 10 } : { right: width - tip.x + 10 };
  return (
    <div aria-hidden className={styles.tip} style={side}>
      <b>{clockTime(tip.at)}</b>
      {tip.lines.map((line) => (
        <span key={line}>{line}</span>
      ))}
    </div>
  );
}

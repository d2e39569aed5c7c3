import { memo } from 'react';
import { slotLook } from '../ui/slot';
import type { TaskBar } from './bars';
import type { Chart, Flag } from './swimlane-chart';
import { AXIS, FLAGS_Y, rowY, type LanePlace } from './layout';
import styles from './timeline.module.css';
import { signOf } from './words';

/** The chart's marks. Drawn again only when they change, not when somebody points at them. */
export const Lanes = memo(function Lanes({
  id,
  chart,
  places,
  width,
  height,
}: {
  /** Makes the patterns' names this chart's own. */
  id: string;
  chart: Chart;
  places: readonly LanePlace[];
  width: number;
  height: number;
}) {
  return (
    <>
      <defs>
        <Stripes id={`${id}gap`} className={styles.gapStripe} size={9} ground={styles.gapGround} />
        <Stripes id={`${id}lost`} className={styles.lostStripe} size={6} />
        <Stripes id={`${id}down`} className={styles.downStripe} size={8} />
      </defs>
      {chart.flags.map((flag) => (
        <FlagMark key={flag.key} flag={flag} y={FLAGS_Y} stem={height - FLAGS_Y} />
      ))}
      {chart.lanes.map((lane, at) => {
        const place = places[at];
        return (
          place && (
            <g key={lane.nodeId} transform={`translate(0 ${place.y})`}>
              <line className={styles.edge} x2={width} />
              {lane.down.map(({ x, width }) => (
                <rect
                  key={x}
                  x={x}
                  width={width}
                  height={place.height}
                  fill={`url(#${id}down)`}
                  className={styles.down}
                />
              ))}
              {lane.bars.map((bar) => (
                <BarMark key={bar.key} bar={bar} place={place} pattern={`${id}lost`} />
              ))}
              {lane.flags.map((flag) => (
                <FlagMark key={flag.key} flag={flag} y={place.height / 2} stem={0} />
              ))}
            </g>
          )
        );
      })}
      {chart.gaps.map((gap) => (
        <rect
          key={gap.key}
          x={gap.x}
          y={AXIS}
          width={gap.width}
          height={height - AXIS}
          fill={`url(#${id}gap)`}
        />
      ))}
    </>
  );
});

function Stripes({
  id,
  className,
  size,
  ground,
}: {
  id: string;
  className: string | undefined;
  size: number;
  /** What lies under the stripes; without it what the pattern covers shines through. */
  ground?: string | undefined;
}) {
  return (
    <pattern
      id={id}
      width={size}
      height={size}
      patternUnits="userSpaceOnUse"
      patternTransform="rotate(45)"
    >
      {ground && <rect className={ground} width={size} height={size} />}
      <line className={className} y2={size} />
    </pattern>
  );
}

function BarMark({ bar, place, pattern }: { bar: TaskBar; place: LanePlace; pattern: string }) {
  const { span, x, row, width, lost, end, letter, count } = bar;
  const { color, ink, letter: text } = slotLook(span.slot);
  const y = rowY(row, place);
  const right = x + width;
  return (
    <>
      <rect
        className={span.end === 'starting' ? styles.starting : styles.span}
        x={x}
        y={y}
        width={width}
        height={place.bar}
        rx={Math.min(3, width / 2)}
        fill={color}
        stroke={color}
      />
      {lost.map((part) => (
        <rect
          key={part.x}
          x={part.x}
          y={y}
          width={part.width}
          height={place.bar}
          fill={`url(#${pattern})`}
        />
      ))}
      {letter && (
        <text
          className={styles.letter}
          x={x + 4}
          y={y + place.bar / 2}
          fill={span.end === 'starting' ? 'var(--color-ink)' : ink}
          fontSize={Math.min(11, place.bar - 1)}
        >
          {count > 1 ? `${text} ×${count}` : text}
        </text>
      )}
      {end === 'failed' && (
        <path
          className={styles.failed}
          d={`M${right - 4} ${y + place.bar / 2 - 4}l8 8m0 -8l-8 8`}
        />
      )}
      {end === 'stopped' && (
        <path className={styles.stopped} d={`M${right} ${y - 1}v${place.bar + 2}`} />
      )}
    </>
  );
}

function FlagMark({ flag, y, stem }: { flag: Flag; y: number; stem: number }) {
  const { entry, count } = flag;
  return (
    <g className={entry.bad ? styles.flagBad : styles.flag} transform={`translate(${flag.x} ${y})`}>
      {stem > 0 && <line y1={8} y2={stem} />}
      {entry.bad ? <path d="M-4 -8h8l4 4v8l-4 4h-8l-4 -4v-8z" /> : <circle r={8} />}
      <text>{count > 1 ? count : signOf(entry)}</text>
    </g>
  );
}

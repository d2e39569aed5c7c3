import { memo } from 'react';
import type { useBadges } from '@/lib/client/use-badges';
import { BarMark } from './BarMark';
import type { SwimlaneChart } from './build-chart';
import { FlagMark } from './FlagMark';
import { AXIS_HEIGHT, FLAGS_Y, type LaneBox } from './lane-layout';

/** The chart's marks. Memoized: the pointer's moves render the chart, but not up to 600 marks. */
export const LaneMarks = memo(function LaneMarks({
  id,
  chart,
  boxes,
  width,
  height,
  badgeOf,
}: {
  /** Prefix of the patterns' ids. */
  id: string;
  chart: SwimlaneChart;
  boxes: readonly LaneBox[];
  width: number;
  height: number;
  badgeOf: ReturnType<typeof useBadges>;
}) {
  return (
    <>
      <defs>
        <Stripes
          id={`${id}gap`}
          className="stroke-line-strong stroke-3 opacity-80"
          size={9}
          background="fill-panel opacity-72"
        />
        <Stripes id={`${id}lost`} className="stroke-panel stroke-6" size={6} />
        <Stripes id={`${id}down`} className="stroke-bad-fill stroke-2" size={8} />
      </defs>
      {chart.actions.map(({ key, kind, x, width }) => (
        <rect
          key={key}
          className={kind === 'run' ? 'fill-accent' : 'fill-warn-fill'}
          data-band={kind}
          x={x}
          y={AXIS_HEIGHT - (kind === 'run' ? 3 : 7)}
          width={width}
          height={3}
          rx={1}
        />
      ))}
      {chart.flags.map((flag) => (
        <FlagMark key={flag.key} flag={flag} y={FLAGS_Y} stem={height - FLAGS_Y} />
      ))}
      {chart.lanes.map((lane, index) => {
        const box = boxes[index];
        return (
          box && (
            <g key={lane.nodeId} transform={`translate(0 ${box.y})`}>
              <line className="stroke-line" x2={width} />
              {lane.down.map(({ x, width }) => (
                <rect
                  key={x}
                  x={x}
                  width={width}
                  height={box.height}
                  fill={`url(#${id}down)`}
                  className="opacity-35"
                />
              ))}
              {lane.bars.map((bar) => (
                <BarMark
                  key={bar.key}
                  bar={bar}
                  badge={badgeOf(bar.span)}
                  box={box}
                  lostPattern={`${id}lost`}
                />
              ))}
              {lane.flags.map((flag) => (
                <FlagMark key={flag.key} flag={flag} y={box.height / 2} stem={0} />
              ))}
            </g>
          )
        );
      })}
      {chart.gaps.map((gap) => (
        <rect
          key={gap.key}
          x={gap.x}
          y={AXIS_HEIGHT}
          width={gap.width}
          height={height - AXIS_HEIGHT}
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
  background,
}: {
  id: string;
  className: string;
  size: number;
  /** Class of a background; without one the stripes are transparent between them. */
  background?: string;
}) {
  return (
    <pattern
      id={id}
      width={size}
      height={size}
      patternUnits="userSpaceOnUse"
      patternTransform="rotate(45)"
    >
      {background && <rect className={background} width={size} height={size} />}
      <line className={className} y2={size} />
    </pattern>
  );
}

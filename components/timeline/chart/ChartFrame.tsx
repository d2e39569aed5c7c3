import { ticks, type TimeScale } from '../time-window';
import { AXIS_HEIGHT } from './lane-layout';

const NARROW_CHART = 500;
/** Room that half a label needs at the chart's edges (px). */
const LABEL_MARGIN = 16;
/** Minimum width of an area with a text, and with the reason in it (px). */
const TEXT_WIDTH = 60;
const REASON_WIDTH = 240;

export function TimeAxis({ scale, height }: { scale: TimeScale; height: number }) {
  const { width } = scale;
  return ticks(scale, width, width < NARROW_CHART ? 56 : 80).map(({ at, x, label }) => (
    <g key={at}>
      <line className="stroke-line" x1={x} x2={x} y1={16} y2={height} />
      <text
        className="fill-dim font-mono text-[11px] leading-none"
        textAnchor="middle"
        x={Math.min(width - LABEL_MARGIN, Math.max(LABEL_MARGIN, x))}
        y={11}
      >
        {label}
      </text>
    </g>
  ));
}

/** The part of the chart before the start of the record. */
export function UnrecordedArea({
  width,
  height,
  reason,
}: {
  width: number;
  height: number;
  reason: string;
}) {
  return (
    <>
      <rect
        className="fill-well opacity-90"
        y={AXIS_HEIGHT}
        width={width}
        height={height - AXIS_HEIGHT}
      />
      {width > TEXT_WIDTH && (
        <text
          className="fill-faint text-[12px]"
          textAnchor="middle"
          dominantBaseline="central"
          x={width / 2}
          y={(AXIS_HEIGHT + height) / 2}
        >
          {width > REASON_WIDTH ? reason : 'No data'}
        </text>
      )}
    </>
  );
}

/** Marks the time that the board shows. */
export function Playhead({ x, height }: { x: number; height: number }) {
  return (
    <g transform={`translate(${x} 0)`}>
      <line className="stroke-warn-fill stroke-2" y1={14} y2={height} />
      <path className="fill-warn-fill" d="M-6 12h12v4l-6 6-6-6z" />
    </g>
  );
}

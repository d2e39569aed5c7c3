import type { PlacedMark } from './bar-layout';

/** Marks closer than this (px) share one flag. */
const MIN_DISTANCE = 15;

/** The run's marks as numbered lines across a chart, within its SVG. */
export function MarkLines({
  marks,
  width,
  height,
}: {
  marks: readonly PlacedMark[];
  width: number;
  height: number;
}) {
  const flagged = withFlags(marks, width);
  return (
    <g>
      {flagged.map(({ number, x, flag, text }) => (
        <g key={number}>
          <title>{`${number}: ${text}`}</title>
          <line
            x1={x}
            x2={x}
            y1={flag ? 6 : 0}
            y2={height}
            stroke="var(--color-accent)"
            strokeWidth="1.5"
            strokeDasharray="3 2"
          />
          {flag && (
            <>
              <rect x={x - 7} y={-7} width="14" height="13" rx="3" fill="var(--color-accent)" />
              <text
                x={x}
                y={3}
                textAnchor="middle"
                fill="var(--color-panel)"
                fontSize="10"
                fontWeight="700"
              >
                {number}
              </text>
            </>
          )}
        </g>
      ))}
    </g>
  );
}

function withFlags(marks: readonly PlacedMark[], width: number) {
  let flagAt = -Infinity;
  return marks.map(({ number, place, text }) => {
    const x = Math.min(width - 0.5, place * width);
    const flag = x - flagAt >= MIN_DISTANCE;
    if (flag) flagAt = x;
    return { number, x, flag, text };
  });
}

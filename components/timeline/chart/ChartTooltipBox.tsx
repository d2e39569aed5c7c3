import { clockTime } from '@/lib/swarm/duration';
import type { ChartTooltip } from './tooltip';

/** The tooltip, on the side of the pointer that has more room. */
export function ChartTooltipBox({
  tooltip: { x, at, lines },
  chartWidth,
}: {
  tooltip: ChartTooltip;
  chartWidth: number;
}) {
  const side = x < chartWidth / 2 ? { left: x + 10 } : { right: chartWidth - x + 10 };
  return (
    <div
      aria-hidden
      className="pointer-events-none absolute top-0.5 z-2 grid max-w-[min(260px,60%)] gap-px rounded-lg border border-line-strong bg-panel px-2.25 py-1.25 text-xs shadow-[0_6px_20px_var(--color-shadow)]"
      style={side}
    >
      <b>{clockTime(at)}</b>
      {lines.map((line) => (
        <span key={line}>{line}</span>
      ))}
    </div>
  );
}

import { clockTime } from '@/lib/swarm/duration';
import styles from '../timeline.module.css';
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
    <div aria-hidden className={styles.tip} style={side}>
      <b>{clockTime(at)}</b>
      {lines.map((line) => (
        <span key={line}>{line}</span>
      ))}
    </div>
  );
}

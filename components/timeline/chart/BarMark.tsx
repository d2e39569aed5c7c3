import type { Badge } from '@/lib/client/use-badges';
import { slotLook } from '../../ui/slot';
import styles from '../timeline.module.css';
import { rowTop, type LaneBox } from './lane-layout';
import type { TaskBar } from './task-bars';

/** A task's bar, with its badge's text and how it ended. */
export function BarMark({
  bar: { span, x, row, width, lost, end, letter, count },
  badge,
  box,
  lostPattern,
}: {
  bar: TaskBar;
  badge: Badge;
  box: LaneBox;
  /** Id of the SVG pattern for the time in which the task's state is unknown. */
  lostPattern: string;
}) {
  const { color, ink, letter: text } = slotLook(badge);
  const y = rowTop(row, box);
  const right = x + width;
  const starting = span.end === 'starting';
  return (
    <>
      <rect
        x={x}
        y={y}
        width={width}
        height={box.bar}
        rx={Math.min(3, width / 2)}
        fill={color}
        fillOpacity={starting ? 0.25 : 1}
        stroke={starting ? color : 'var(--color-slot-edge)'}
        strokeDasharray={starting ? '3 2' : undefined}
      />
      {lost.map((part) => (
        <rect
          key={part.x}
          x={part.x}
          y={y}
          width={part.width}
          height={box.bar}
          fill={`url(#${lostPattern})`}
        />
      ))}
      {letter && (
        <text
          className="pointer-events-none font-sans font-bold"
          dominantBaseline="central"
          x={x + 4}
          y={y + box.bar / 2}
          fill={starting ? 'var(--color-ink)' : ink}
          fontSize={Math.min(11, box.bar - 1)}
        >
          {count > 1 ? `${text} ×${count}` : text}
        </text>
      )}
      {end === 'failed' && (
        <path
          className={`fill-none stroke-bad stroke-[2.5] ${styles.halo}`}
          strokeLinecap="round"
          d={`M${right - 4} ${y + box.bar / 2 - 4}l8 8m0 -8l-8 8`}
        />
      )}
      {end === 'completed' && (
        <circle className={`fill-ok-fill ${styles.halo}`} cx={right} cy={y + box.bar / 2} r={3.5} />
      )}
      {end === 'stopped' && (
        <path className="stroke-ink stroke-2" d={`M${right} ${y - 1}v${box.bar + 2}`} />
      )}
    </>
  );
}

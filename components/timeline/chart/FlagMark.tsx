import { entrySymbol } from '../event-words';
import styles from '../timeline.module.css';
import type { Flag } from './flags';

/** A flag at (`x`, `y`): an octagon for a problem, else a circle. */
export function FlagMark({
  flag: { entry, count, x },
  y,
  stem,
}: {
  flag: Flag;
  y: number;
  /** Length of the line below the flag (px). */
  stem: number;
}) {
  return (
    <g className={entry.bad ? styles.flagBad : styles.flag} transform={`translate(${x} ${y})`}>
      {stem > 0 && <line y1={8} y2={stem} />}
      {entry.bad ? <path d="M-4 -8h8l4 4v8l-4 4h-8l-4 -4v-8z" /> : <circle r={8} />}
      <text>{count > 1 ? count : entrySymbol(entry)}</text>
    </g>
  );
}

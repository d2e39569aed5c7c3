import { entrySymbol } from '../event-words';
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
    <g className="font-sans text-[10px] leading-none font-bold" transform={`translate(${x} ${y})`}>
      {stem > 0 && <line className="stroke-line-strong" strokeDasharray="2 3" y1={8} y2={stem} />}
      {entry.bad ? (
        <path className="fill-bad-fill" d="M-4 -8h8l4 4v8l-4 4h-8l-4 -4v-8z" />
      ) : (
        <circle className="fill-raise stroke-line-strong" r={8} />
      )}
      <text
        className={entry.bad ? 'fill-panel' : 'fill-ink'}
        textAnchor="middle"
        dominantBaseline="central"
      >
        {count > 1 ? count : entrySymbol(entry)}
      </text>
    </g>
  );
}

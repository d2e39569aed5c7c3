import { Meter } from '../ui/Meter';
import type { Badge } from '@/lib/client/use-badges';
import { slotLook, slotStyle } from '../ui/slot';
import { SlotBadge } from '../ui/SlotBadge';
import { rowProgress, rowState, type ProgressRow } from './progress-rows';

interface Props {
  rows: readonly ProgressRow[];
  /** Requested slots that the engine does not show yet. */
  requested: number;
  badgeOf: (row: ProgressRow) => Badge;
}

/** Rows that always have room, so that scaling a small service moves nothing. */
const MIN_ROWS = 5;
const ROW_PX = 24;

const TONES = { ok: 'text-ok', warn: 'text-warn', bad: 'text-bad', faint: 'text-faint' };

/** A bar per slot. */
export function ProgressBars({ rows, requested, badgeOf }: Props) {
  const empty = Math.max(0, MIN_ROWS - rows.length - requested);
  return (
    <ul className="mt-1.5 text-xs" style={{ paddingBottom: empty * ROW_PX }}>
      {rows.map((row) => {
        const { word, tone } = rowState(row);
        const done = { key: 'done', width: rowProgress(row), color: `var(--color-${tone})` };
        return (
          <li key={row.name} className="flex h-6 items-center gap-2">
            <SlotBadge slot={badgeOf(row)} />
            <Name name={row.name} />
            <Meter className="flex-1" parts={[done]} />
            <span className={`w-23 ${TONES[tone]}`}>{word}</span>
          </li>
        );
      })}
      {Array.from({ length: requested }, (_, at) => (
        <li key={at} className="flex h-6 items-center gap-2 text-faint">
          <span className="size-5 rounded border border-dashed border-line-strong" />
          <span className="flex-1">requested</span>
        </li>
      ))}
    </ul>
  );
}

/** The slot's number is never cut, because it distinguishes the rows. */
function Name({ name }: { name: string }) {
  const [, start = name, slot = ''] = /^(.*)(\.\d+)$/.exec(name) ?? [];
  return (
    <span className="flex w-20 font-mono" title={name}>
      <span className="truncate">{start}</span>
      {slot}
    </span>
  );
}

/** A square per slot, for services with many. */
export function ProgressGrid({ rows, requested, badgeOf }: Props) {
  return (
    <ul className="mt-1.5 grid min-h-30 grid-cols-[repeat(auto-fill,minmax(26px,1fr))] content-start gap-1 text-[10px]">
      {rows.map((row) => {
        const { word, tone } = rowState(row);
        const running = word === 'running';
        const badge = badgeOf(row);
        return (
          <li
            key={row.name}
            title={`${row.name}: ${word}`}
            className={`relative grid h-6 place-items-center overflow-hidden rounded font-semibold ${running ? 'slot-edge bg-(--c) text-(--ci)' : 'bg-raise text-dim'}`}
            style={slotStyle(badge)}
          >
            {!running && (
              <span
                aria-hidden
                className="absolute bottom-0 left-0 h-1"
                style={{ width: `${rowProgress(row) * 100}%`, background: `var(--color-${tone})` }}
              />
            )}
            <span aria-hidden>{slotLook(badge).letter}</span>
            <span className="sr-only">{`${row.name} ${word}`}</span>
          </li>
        );
      })}
      {Array.from({ length: requested }, (_, at) => (
        <li key={at} className="h-6 rounded border border-dashed border-line-strong" />
      ))}
    </ul>
  );
}

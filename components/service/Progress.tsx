'use client';

import { useMemo, useState } from 'react';
import { slotRows, type SlotRow } from '@/lib/swarm/convergence';
import { replicasText } from '@/lib/swarm/replicas';
import { progressCells } from '@/lib/swarm/task-state';
import type { ServiceView, SwarmView } from '@/lib/swarm/view';
import { Help } from '../ui/Help';
import { Meter } from '../ui/Meter';
import { slotLook, slotStyle } from '../ui/slot';
import { SlotBadge } from '../ui/SlotBadge';
import { Prose } from '../ui/Prose';
import { holdRows, reasonsOf, rowState, type PanelRow } from './rows';

/** Rows for which there is always room, and above how many a compact grid is drawn instead. */
const ROOM = 5;
const GRID_ABOVE = 12;
/** Reasons shown; more than that say the same thing in other words. */
const REASONS = 3;

/** What `docker service scale` prints while it waits: phrase, a bar per slot, verdict. */
export function Progress({
  view,
  service,
  wanted,
}: {
  view: SwarmView;
  service: ServiceView;
  /** Asked for, but not yet shown by the engine. */
  wanted: number | null;
}) {
  const { phrase, verify, phase } = service.convergence;
  const limit = service.platformLimit;
  const rows = useHeld(view, service, phase === 'converged' && wanted === null);
  const reasons = useMemo(() => reasonsOf(rows, view.tasks), [rows, view.tasks]);
  const staying = rows.filter(({ leaving }) => !leaving).length;
  const ahead = Math.max(0, Math.min(100, wanted ?? 0) - Math.max(staying, rows.length));
  const Rows = rows.length + ahead > GRID_ABOVE ? Cells : Bars;
  return (
    <>
      {service.mode !== 'replicated' && <p className="my-4 text-dim">{modeWords(service)}</p>}
      <p className="text-dim">
        {phrase}
        {service.job && <span className="font-mono"> · {replicasText(service)}</span>}
      </p>
      <p className={`min-h-5 text-xs ${VERIFY[phase]}`}>{verify}</p>
      <Rows rows={rows} ahead={ahead} />
      <div className="mt-2 min-h-9 text-xs">
        {service.wanted === 0 && rows.length === 0 && wanted === null && (
          <p className="text-dim">No replica is asked for, so nobody answers.</p>
        )}
        {/* Also while all tasks run: on fewer nodes than one would think. */}
        {limit && !reasons.some(({ text }) => text.includes(limit.text)) && (
          <p className="text-warn">
            <Prose text={limit.text} />{' '}
            <Help id={limit.help} about={`nodes that ${service.name} leaves empty`} />
          </p>
        )}
        {reasons.slice(0, REASONS).map(({ names, verb, text, help, engine }) => (
          <p key={text} className="text-warn" title={engine ?? undefined}>
            {names.slice(0, 3).join(', ')}
            {names.length > 3 && ` and ${names.length - 3} more`}{' '}
            {verb === 'waits' ? (names.length > 1 ? 'wait' : 'waits') : 'failed'}:{' '}
            {/* What only the engine says may have backticks of its own. */}
            {engine === null ? text : <Prose text={text} />}
            {engine !== null && <span className="font-mono text-dim"> ({engine})</span>}{' '}
            {help && <Help id={help} about={`${names[0]} ${verb}`} />}
          </p>
        ))}
      </div>
    </>
  );
}

function useHeld(view: SwarmView, service: ServiceView, settled: boolean): readonly PanelRow[] {
  const { tasks, nodes } = view;
  const rows = useMemo(() => slotRows(service, tasks, nodes), [service, tasks, nodes]);
  const [kept, keep] = useState<{ rows: SlotRow[] | null; settled: boolean; held: PanelRow[] }>({
    rows: null,
    settled: true,
    held: [],
  });
  if (kept.rows === rows && kept.settled === settled) return kept.held;
  const held = holdRows(kept.held, rows, settled);
  keep({ rows, settled, held });
  return held;
}

function modeWords({ mode, name }: ServiceView): string {
  return mode === 'global'
    ? `${name} is a global service: swarm runs one task of it on every node that takes tasks, and one more on each node that joins. There is no number to scale.`
    : `${name} is a job: its tasks run to their end once, so there is no number to keep up.`;
}

const VERIFY = {
  converging: 'text-bad',
  verifying: 'text-dim',
  converged: 'text-ok',
  paused: 'text-bad',
};
const TONES = { ok: 'text-ok', warn: 'text-warn', bad: 'text-bad', faint: 'text-faint' };

function Bars({ rows, ahead }: { rows: readonly PanelRow[]; ahead: number }) {
  const empty = Math.max(0, ROOM - rows.length - ahead);
  return (
    <ul className="mt-1.5 text-xs" style={{ paddingBottom: `${empty * 24}px` }}>
      {rows.map((row) => {
        const { word, tone } = rowState(row);
        const width = row.task ? progressCells(row.task.state) / 9 : 0;
        return (
          <li key={row.name} className="flex h-6 items-center gap-2">
            <SlotBadge slot={row.slot} />
            <span className="w-20 truncate font-mono" title={row.name}>
              {row.name}
            </span>
            <Meter
              className="flex-1"
              parts={[{ key: 'done', width, color: `var(--color-${tone})` }]}
            />
            <span className={`w-23 ${TONES[tone]}`}>{word}</span>
          </li>
        );
      })}
      {Array.from({ length: ahead }, (_, at) => (
        <li key={at} className="flex h-6 items-center gap-2 text-faint">
          <span className="size-5 rounded border border-dashed border-line-strong" />
          <span className="flex-1">asked for</span>
        </li>
      ))}
    </ul>
  );
}

/** The same as one small square per slot, for services with many. */
function Cells({ rows, ahead }: { rows: readonly PanelRow[]; ahead: number }) {
  return (
    <ul className="mt-1.5 grid min-h-30 grid-cols-[repeat(auto-fill,minmax(26px,1fr))] content-start gap-1 text-[10px]">
      {rows.map((row) => {
        const { word, tone } = rowState(row);
        const cells = row.task ? progressCells(row.task.state) : 0;
        const runs = word === 'running';
        return (
          <li
            key={row.name}
            title={`${row.name}: ${word}`}
            className={`relative grid h-6 place-items-center overflow-hidden rounded font-semibold ${runs ? 'bg-(--c) text-(--ci)' : 'bg-raise text-dim'}`}
            style={slotStyle(row.slot)}
          >
            {!runs && (
              <span
                aria-hidden
                className="absolute bottom-0 left-0 h-1"
                style={{ width: `${(cells / 9) * 100}%`, background: `var(--color-${tone})` }}
              />
            )}
            <span aria-hidden>{slotLook(row.slot).letter}</span>
            <span className="sr-only">{`${row.name} ${word}`}</span>
          </li>
        );
      })}
      {Array.from({ length: ahead }, (_, at) => (
        <li key={at} className="h-6 rounded border border-dashed border-line-strong" />
      ))}
    </ul>
  );
}

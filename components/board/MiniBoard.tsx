'use client';

import { useEffect, useState } from 'react';
import { FixedNow } from '@/lib/client/clock';
import {
  useConnection,
  useFromNow,
  useIsLit,
  useMay,
  usePast,
  useRun,
  useView,
} from '@/lib/client/hooks';
import { useCached } from '@/lib/client/use-cached';
import { clockTime } from '@/lib/swarm/duration';
import type { NodeView, SwarmView } from '@/lib/swarm/view';
import { counted } from '@/lib/swarm/words';
import { pausedWords } from '../service/paused-words';
import { dialTargets, entryNodes } from '../curl/controls/dial-targets';
import { useBlock } from '../ui/Blocked';
import { Button } from '../ui/Button';
import { Led } from '../ui/Led';
import { slotStyle } from '../ui/slot';
import { SlotBadge } from '../ui/SlotBadge';
import { boardPlaces } from './board-places';
import type { BoardTask } from './board-tasks';
import { miniRunWords, tasksWithLetter } from './mini-words';
import { nodeCondition } from './node-words';
import { CHIP_LOOKS } from './task-words';
import { useBoardTasks } from './use-board-tasks';
import { foldedTasks } from './visible-tasks';

/** Maximum of nodes shown of a swarm without a HAT. */
const MOST_NODES = 5;
/** Badges per node; a further place has the number of the others. */
const MOST_TASKS = 3;

/** The board on narrow pages, where it stays in sight: the letters of each place, the verdict, Start and Stop. */
export function MiniBoard() {
  const view = useView();
  const past = usePast();
  const shown = past?.view ?? view;
  return (
    <div className="grid grid-cols-1 gap-1.5 sm:grid-cols-[minmax(0,3fr)_minmax(0,2fr)] sm:items-center">
      {shown && (
        <FixedNow value={past?.at ?? null}>
          <Nodes view={shown} past={past !== null} />
        </FixedNow>
      )}
      <div className="flex items-center gap-2">
        <Verdict shown={shown} pastAt={past?.at ?? null} />
        <RunButton />
      </div>
    </div>
  );
}

function Nodes({ view, past }: { view: SwarmView; past: boolean }) {
  const { places, others } = boardPlaces(view);
  const { byNode } = useBoardTasks(view);
  const { state } = useConnection();
  const shown = places[0]
    ? places
    : others.slice(0, MOST_NODES).map((node) => ({ name: node.name, port: node.id, node }));
  return (
    <button
      type="button"
      className="board grid auto-cols-fr grid-flow-col gap-1"
      data-mini-board
      data-stale={(!past && state === 'stale') || undefined}
      data-past={past ? '' : undefined}
      onClick={() => show('[data-board]')}
    >
      <span className="sr-only">Show the board:</span>
      {shown.map(({ name, port, node }) => (
        <span
          key={port}
          data-mini-node={node?.id ?? name}
          data-state={node?.state ?? 'absent'}
          className={`flex h-11 min-w-0 flex-col gap-0.5 rounded-md border px-0.5 pt-0.5 ${node ? 'border-line bg-panel' : 'border-dashed border-line-strong'}`}
        >
          <span className="flex items-center gap-1 text-[11px]/4">
            <Led tone={node ? nodeCondition(node).tone : 'off'} />
            <span className="truncate">{node ? nameInPlace(node) : name}</span>
          </span>
          <Badges tasks={(node && byNode.get(node.id)) ?? []} />
        </span>
      ))}
    </button>
  );
}

/** Of nodes that share a hostname, what distinguishes them: there is no room for both. */
function nameInPlace({ name, hostname }: NodeView): string {
  return name.startsWith(`${hostname} (`) ? name.slice(hostname.length + 2, -1) : name;
}

function Badges({ tasks }: { tasks: readonly BoardTask[] }) {
  const lettered = tasksWithLetter(tasks);
  // One place less when others are counted.
  const shown = foldedTasks(lettered, lettered.length < tasks.length ? MOST_TASKS - 1 : MOST_TASKS);
  return (
    <span className="tasks-many flex gap-px">
      {shown.map((one) => (
        <Badge key={one.id} shown={one} />
      ))}
      {shown.length < tasks.length && (
        <span className="truncate pl-0.5 text-[11px]/6 text-dim">
          {shown[0] ? `+${tasks.length - shown.length}` : counted(tasks.length, 'task')}
        </span>
      )}
    </span>
  );
}

function Badge({ shown: { task, badge } }: { shown: BoardTask }) {
  const lit = useIsLit(task.id);
  return (
    <span
      className={`chip chip-${CHIP_LOOKS[task.phase]}`}
      style={slotStyle(badge)}
      data-mini-task={task.id}
      data-state={task.state}
      data-lit={lit || undefined}
    >
      <SlotBadge slot={badge} />
    </span>
  );
}

/** Why the page is not live, which past it shows, or why no run can start; else the run. Below it the swarm's counts. */
function Verdict({ shown, pastAt }: { shown: SwarmView | null; pastAt: number | null }) {
  const run = useRun()?.run;
  const { state, problem } = useConnection();
  const block = useBlock('run');
  const words = useFromNow((now) =>
    run ? miniRunWords(run, shown?.services ?? [], now) : 'No run yet',
  );
  const running = shown?.counts[2];
  const waiting = shown?.tasks.filter(({ phase }) => phase === 'waiting').length ?? 0;
  const paused = shown?.services.find(pausedWords);
  let warning: string | undefined;
  if (state === 'stale') warning = problem?.detail;
  else if (pastAt !== null) warning = `State at ${clockTime(pastAt)}`;
  else if (!run && block?.signIn) warning = `${block.signIn} ${block.reason}`;
  return (
    <button
      type="button"
      className="flex h-11 min-w-0 flex-1 flex-col justify-center text-left text-xs/3.5"
      data-mini-verdict
      onClick={() => show(paused ? '[data-paused]' : '[data-result]')}
    >
      <span className={`line-clamp-2 ${warning ? 'text-warn' : ''}`}>{warning ?? words}</span>
      <span className="truncate text-dim">
        {paused && (
          <span className="text-bad">
            {paused.name}: {pausedWords(paused)?.toLowerCase()} ·{' '}
          </span>
        )}
        {running && `${running.value} ${running.label}`}
        {run && run.failed > 0 && (
          <span className="text-bad"> · {counted(run.failed, 'request')} failed</span>
        )}
        {waiting > 0 && ` · ${waiting} waiting`}
      </span>
    </button>
  );
}

/** For so long (ms) a tap waits for the curl panel's code; after that a run would surprise. */
const TAP_MS = 10_000;

function RunButton() {
  const control = useCached('runControl') ?? null;
  const mayRun = useMay('run');
  const past = usePast();
  const view = useView();
  const { state } = useConnection();
  /** Tapped before the curl panel was there. */
  const [tapped, setTapped] = useState(false);
  const active = control?.active ?? false;
  const busy = control?.busy ?? tapped;
  /** Until the panel decides. */
  const blocked =
    !mayRun || past !== null || state === 'stale' || (view !== null && !hasTarget(view));
  useEffect(() => {
    if (!tapped) return undefined;
    // The panel may be there before the first data.
    const ready = control !== null && state !== 'connecting';
    if (ready && !control.disabled && !control.active) control.start();
    const timer = setTimeout(() => setTapped(false), ready ? 0 : TAP_MS);
    return () => clearTimeout(timer);
  }, [tapped, control, state]);
  return (
    <Button
      look="primary"
      className="w-24"
      data-guide="fire"
      disabled={control ? control.disabled && !tapped : blocked}
      aria-disabled={busy || undefined}
      onClick={control ? (active ? control.stop : control.start) : () => setTapped(true)}
    >
      {active ? 'Stop' : busy ? 'Starting…' : 'Start'}
    </Button>
  );
}

/** Whether a run can start in this swarm: there is a port to send to, and a node to enter at. */
function hasTarget({ services, nodes }: SwarmView): boolean {
  return dialTargets(services).length > 0 && entryNodes(nodes).length > 0;
}

function show(selector: string) {
  document.querySelector(selector)?.scrollIntoView({ block: 'start', behavior: 'smooth' });
}

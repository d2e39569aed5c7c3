import { useView } from '@/lib/client/hooks';
import { useBadges } from '@/lib/client/use-badges';
import type { Move, Preview as PreviewData } from '@/lib/swarm/spec/previews';
import type { SwarmView } from '@/lib/swarm/view';
import { Prose } from '../ui/Prose';
import { SlotBadge } from '../ui/SlotBadge';
import { movesOf } from './preview-rows';

/** Rows of a list; the text above it has all of them in words. */
const MOST_ROWS = 40;

/** In place of a preview. */
export const UNKNOWN_TASKS =
  'What would happen to tasks is unknown: a proxy in front of the engine refuses a list.';

/** What a change would do to tasks: in words, and a row for each task. */
export function Preview({ preview }: { preview: PreviewData }) {
  const { text, moves, stops, starts, waits } = preview;
  const { moving, staying } = movesOf(moves);
  return (
    <div className="space-y-2" data-preview>
      <p className="wrap-anywhere">
        <Prose text={text} />
      </p>
      <Moves title="Moves, for example" moves={moving} />
      <Moves title="Starts anew on its node" moves={staying} />
      <Moves title="Starts" moves={starts} />
      <Rows title="Stops" rows={stops.map((task, at) => ({ key: `${task} ${at}`, task }))} />
      <Rows
        title="Waits"
        tone="text-warn"
        rows={waits.map(({ task, why }) => ({ key: task, task, more: why }))}
      />
    </div>
  );
}

function Moves({ title, moves }: { title: string; moves: readonly Move[] }) {
  return (
    <Rows
      title={title}
      rows={moves.map(({ task, from, to }, at) => ({
        key: `${task} ${at}`,
        task,
        more: from === null || from === to ? `on ${to}` : `${from} → ${to}`,
      }))}
    />
  );
}

interface Row {
  key: string;
  task: string;
  more?: string;
}

function Rows({
  title,
  tone = 'text-dim',
  rows,
}: {
  title: string;
  tone?: string;
  rows: readonly Row[];
}) {
  const view = useView();
  if (rows.length === 0) return null;
  const others = rows.length - MOST_ROWS;
  return (
    <section>
      <h3 className={`mb-1 text-xs ${tone}`}>{title}</h3>
      <ul className="grid grid-cols-[fit-content(60%)_minmax(0,1fr)] gap-x-4 gap-y-1 text-xs">
        {rows.slice(0, MOST_ROWS).map(({ key, task, more }) => (
          <li key={key} className="contents">
            <span className="flex items-center gap-1.5">
              {view && <TaskBadge view={view} name={task} />}
              <span className="font-mono wrap-anywhere">{task}</span>
            </span>
            <span className="self-center wrap-anywhere">{more}</span>
          </li>
        ))}
      </ul>
      {others > 0 && <p className="text-xs text-dim">{`and ${others} more`}</p>}
    </section>
  );
}

/** The badge that the task has on the board; none for one that it does not have yet. */
function TaskBadge({ view, name }: { view: SwarmView; name: string }) {
  const badgeOf = useBadges(view);
  const task = view.tasks.find((one) => one.name === name);
  return task && <SlotBadge slot={badgeOf(task)} />;
}

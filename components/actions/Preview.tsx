import type { Move, Preview as PreviewData } from '@/lib/swarm/spec/previews';
import { Prose } from '../ui/Prose';
import { movesOf } from './preview-rows';

/** Rows of a list; the text above it has all of them in words. */
const MOST_ROWS = 40;

/** What a change would do to tasks: in words, and a row for each task. */
export function Preview({ preview }: { preview: PreviewData }) {
  const { text, moves, stops, starts, waits } = preview;
  const { moving, staying } = movesOf(moves);
  return (
    <div className="space-y-2" data-preview>
      <p className="wrap-anywhere">
        <Prose text={text} />
      </p>
      <Moves title="Moves" moves={moving} />
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
  if (rows.length === 0) return null;
  const others = rows.length - MOST_ROWS;
  return (
    <section>
      <h3 className={`text-xs ${tone}`}>{title}</h3>
      <ul className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 text-xs">
        {rows.slice(0, MOST_ROWS).map(({ key, task, more }) => (
          <li key={key} className="contents">
            <span className="font-mono wrap-anywhere">{task}</span>
            <span className="wrap-anywhere">{more}</span>
          </li>
        ))}
      </ul>
      {others > 0 && <p className="text-xs text-dim">{`and ${others} more`}</p>}
    </section>
  );
}

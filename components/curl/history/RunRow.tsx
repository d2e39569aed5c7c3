import type { Run } from '@/lib/curl/run';
import { clockTime } from '@/lib/swarm/duration';
import { counted } from '@/lib/swarm/words';
import { Button } from '../../ui/Button';
import { Tag } from '../../ui/Tag';
import { rolloutWords } from '../versions/rollout-words';
import { msText, setupWords } from '../words';

export function RunRow({
  run,
  shown,
  opening,
  chosen,
  onChoose,
  onOpen,
}: {
  run: Run;
  /** It is the run that the panel shows. */
  shown: boolean;
  opening: boolean;
  /** It is selected for comparison. */
  chosen: boolean;
  onChoose: () => void;
  onOpen: () => void;
}) {
  const time = clockTime(run.startedAt);
  const facts = [
    `${run.answered} of ${run.sent} answered`,
    `p50 ${msText(run.p50)}`,
    run.marks.length > 0 && counted(run.marks.length, 'change'),
    run.versions.length > 1 && rolloutWords(run),
  ].filter((part) => part !== false);
  return (
    <li
      data-shown={shown || undefined}
      className="flex flex-wrap items-center gap-x-3 gap-y-0.5 rounded-lg border border-line px-3 py-1.5 data-shown:border-accent"
    >
      <label className="flex min-h-8 cursor-pointer items-center gap-2 touch:min-h-11">
        <input
          type="checkbox"
          className="size-4 accent-primary"
          aria-label={`Compare the run of ${time}`}
          checked={chosen}
          onChange={onChoose}
        />
        <b>{time}</b>
      </label>
      <span className="min-w-0 flex-1 basis-60">
        {setupWords(run.request)}
        <span className="block text-xs text-dim">
          {run.verdict} · {facts.join(' · ')}
        </span>
      </span>
      {run.failed > 0 && <span className="text-xs text-bad">{run.failed} failed</span>}
      {run.state === 'running' ? (
        <Tag>Running</Tag>
      ) : (
        <Button
          className="w-20"
          aria-label={`${shown ? 'Shown:' : opening ? 'Opening' : 'Open'} the run of ${time}`}
          disabled={opening || shown}
          onClick={onOpen}
        >
          {opening ? '…' : shown ? 'Shown' : 'Open'}
        </Button>
      )}
    </li>
  );
}

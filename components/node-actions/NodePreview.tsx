import type { NodeDryRun } from '@/lib/swarm/spec/answers';
import { Preview } from '../actions/Preview';
import { Prose } from '../ui/Prose';

/** What a change of a node would do to tasks: whether the other nodes can take them, a row for each, and what to know. */
export function NodePreview({ preview }: { preview: NonNullable<NodeDryRun['tasks']> }) {
  const { moves, stops, starts, waits, summary, warnings, rebalance } = preview;
  const rows = moves.length + stops.length + starts.length + waits.length;
  return (
    <>
      {warnings.map((warning) => (
        <p key={warning} className="text-warn wrap-anywhere">
          <Prose text={warning} />
        </p>
      ))}
      {summary === '' && rows === 0 ? (
        <p>No task moves.</p>
      ) : (
        <Preview preview={{ ...preview, text: summary }} />
      )}
      {rebalance.map(({ id, text }) => (
        <p key={id} className="text-dim wrap-anywhere">
          {text}
        </p>
      ))}
    </>
  );
}

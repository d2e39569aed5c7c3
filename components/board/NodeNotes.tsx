import { shortAge } from '@/lib/client/age';
import { useFromNow } from '@/lib/client/hooks';
import { clockTime } from '@/lib/swarm/duration';
import type { NodeView } from '@/lib/swarm/view';
import { Help } from '../ui/Help';
import { Popover } from '../ui/Popover';
import { Prose } from '../ui/Prose';
import { Term } from '../ui/Term';
import type { NodeCondition } from './node-words';

const TONES = { ok: 'text-warn', warn: 'text-warn', bad: 'text-bad' };

/** What is wrong with a node, in one line of its card; in full on a click. */
export function NodeNotes({ node, condition }: { node: NodeView; condition: NodeCondition }) {
  const { name, clock, avoided } = node;
  const { tone, words, next, help } = condition;
  const age = useFromNow(
    (now) => node.listed && node.state !== 'ready' && shortAge(now - node.stateSince),
  );
  const [first] = avoided;
  const more = Number(words !== null) + Number(clock !== null) + avoided.length - 1;
  return (
    <Popover
      label={`State of ${name}`}
      className={`block max-w-full truncate touch:my-[calc((1lh-44px)/2)] touch:h-11 ${TONES[tone]}`}
      line={
        <>
          {more > 0 && <b>{`+${more} `}</b>}
          {words ?? (clock ? 'clock is off' : `avoided for ${first?.service}`)}
        </>
      }
    >
      {words && (
        <p>
          <b className={TONES[tone]}>
            {help === 'node-drained' ? (
              <Term id={words === 'drain' ? words : 'availability'}>{words}</Term>
            ) : (
              words
            )}
          </b>{' '}
          {next} {help && <Help id={help} about={`${name} ${words}`} />}
        </p>
      )}
      {age && <p className="text-warn">State unknown for {age}</p>}
      {clock && (
        <p className="text-warn">
          {clock} <Help id="node-clock" about={`clock of ${name}`} />
        </p>
      )}
      {avoided.map(({ service, text, until }) => (
        <p key={service} className="text-warn" data-avoided={service}>
          Until {clockTime(until)} <Prose text={text} />{' '}
          <Help id="avoided-node" about={`swarm avoids ${name} for ${service}`} />
        </p>
      ))}
    </Popover>
  );
}

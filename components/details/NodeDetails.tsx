import { shortAge } from '@/lib/client/age';
import { useConnection, useFromNow, useTimeline } from '@/lib/client/hooks';
import { useBadges } from '@/lib/client/use-badges';
import type { NodeDetails as Details } from '@/lib/swarm/details';
import { clockTime } from '@/lib/swarm/duration';
import { hasEnded } from '@/lib/swarm/task-phase';
import type { GoneNode, NodeView, SwarmView, TaskView } from '@/lib/swarm/view';
import { counted, listed } from '@/lib/swarm/words';
import { CONDITION_TONES, nodeCondition, roleWords } from '../board/node-words';
import { CHIP_LOOKS, STATE_TONES } from '../board/task-words';
import { byWords } from '../timeline/event-words';
import { NodeActions } from '../node-actions/NodeActions';
import { DetailsOfNodeLogs } from '../logs/DetailsLogs';
import { Help } from '../ui/Help';
import { Led } from '../ui/Led';
import { Meter } from '../ui/Meter';
import { Prose } from '../ui/Prose';
import { SlotBadge } from '../ui/SlotBadge';
import { nodeEvents, quantity } from './details-words';
import { Inspect } from './Inspect';
import { Code, DetailsLink, Facts, Loading, Ports, Room, Section, type Fact } from './parts';
import { nodePortLinks } from './port-links';
import { useDetails } from './use-details';

const tasksOn = ({ tasks }: SwarmView, nodeId: string) =>
  tasks.filter((task) => task.nodeId === nodeId);

/** A node's lamp, name and condition. */
export function NodeTitle({ node, view }: { node: NodeView; view: SwarmView }) {
  const { tone, words } = conditionOf(node, view);
  return (
    <>
      <Led tone={tone} />
      <span className="min-w-0 wrap-anywhere">{node.name}</span>
      <span className={`text-xs font-normal ${CONDITION_TONES[tone]}`}>{words ?? node.state}</span>
    </>
  );
}

function conditionOf(node: NodeView, view: SwarmView) {
  return nodeCondition(
    node,
    tasksOn(view, node.id).some(({ phase }) => !hasEnded(phase)),
  );
}

/** What is known of a node. `at`: the time of the past view that is shown; null: now. */
export function NodeDetails({
  node,
  view,
  live,
  at,
}: {
  node: NodeView;
  view: SwarmView;
  live: SwarmView;
  at: number | null;
}) {
  const { state } = useConnection();
  const { tone, next, help } = conditionOf(node, view);
  const isListed = at === null && node.listed;
  // What is reserved changes with the node's tasks.
  const version = JSON.stringify([
    state === 'live',
    live.nodes.find(({ id }) => id === node.id),
    tasksOn(live, node.id).map(({ id, state }) => [id, state]),
  ]);
  const path = `api/nodes/${encodeURIComponent(node.id)}` as const;
  const loaded = useDetails<Details>(isListed ? path : null, version);
  const { data } = loaded;
  return (
    <>
      {/* Room for the longest sentence: it changes while the pointer is on a button below. */}
      <p className="min-h-[2lh]">
        {next ?? (tone === 'ok' && node.availability === 'active' && 'Takes tasks.')}{' '}
        {next && help && <Help id={help} about={node.name} />}
      </p>
      <Room of="actions">{isListed && <NodeActions node={node} />}</Room>
      {isListed && (
        <Section title="Resources">
          {data ? <Resources resources={data.resources} /> : <Loading loaded={loaded} />}
        </Section>
      )}
      <Section title="Node">
        <Facts facts={factsOf(node)} />
        {isListed && <Inspect of={{ node: node.id }} />}
        {/* What comes and goes is below the controls. */}
        {data && <Loading loaded={loaded} />}
        {data && (
          <div className="mt-2 grid gap-2">
            <Labels title="Labels" labels={data.labels} />
            {data.engineLabels[0] && <Labels title="Engine labels" labels={data.engineLabels} />}
          </div>
        )}
        {(data?.drill || node.clock || node.avoided[0]) && (
          <div className="mt-2 grid gap-1 text-warn">
            {data?.drill && (
              <p>
                {`A failure drill drained it, and makes it ${data.drill === 'pause' ? 'paused' : 'active'} again at its end.`}
              </p>
            )}
            {node.clock && <p>{node.clock}</p>}
            {node.avoided.map(({ service, text, until }) => (
              <p key={service}>
                Until {clockTime(until)} <Prose text={text} />
              </p>
            ))}
          </div>
        )}
        {at !== null && (
          <p className="mt-1 text-xs text-dim">
            Labels and reserved resources are known for the present only.
          </p>
        )}
        {!node.listed && (
          <p className="mt-1 text-xs text-dim">
            Only the tasks of this node are known: a proxy in front of the engine refuses its list
            of nodes.
          </p>
        )}
      </Section>
      <Tasks tasks={tasksOn(view, node.id)} view={view} />
      {at === null && <Ports links={nodePortLinks(node, view, location.hostname)} />}
      <Events nodeId={node.id} at={at} />
      <Room of="logs">
        <DetailsOfNodeLogs tasks={tasksOn(view, node.id)} at={at} />
      </Room>
    </>
  );
}

/** A node that has left the swarm: its tasks and last events. */
export function GoneNodeDetails({
  node,
  view,
  at,
}: {
  node: GoneNode;
  view: SwarmView;
  at: number | null;
}) {
  return (
    <>
      <p className="text-warn">This node has left the swarm.</p>
      <Tasks tasks={tasksOn(view, node.id)} view={view} />
      <Events nodeId={node.id} at={at} />
    </>
  );
}

function factsOf(node: NodeView): Fact[] {
  const platform = [node.os, node.arch].filter((part) => part !== '').join('/');
  return [
    ['Role', node.listed && roleWords(node) + (node.here ? ' · this node' : '')],
    ['State', node.listed && <State key="state" node={node} />],
    ['Availability', node.listed && node.availability],
    ['Address', [node.address, ...node.otherAddresses].filter(Boolean).join(', ')],
    ['Platform', platform],
    ['Engine', node.engineVersion && `Docker ${node.engineVersion}`],
    ['Hostname', node.hostname === node.name ? '' : node.hostname],
    ['Id', <Code key="id">{node.id}</Code>],
  ];
}

function State({ node: { state, stateSince, message } }: { node: NodeView }) {
  const age = useFromNow((now) => (state === 'ready' ? null : shortAge(now - stateSince)));
  return `${state}${age ? ` for ${age}` : ''}${message ? ` · ${message}` : ''}`;
}

function Resources({ resources }: { resources: Details['resources'] }) {
  if (resources.length === 0) return <p className="text-dim">The node has reported none.</p>;
  return (
    <table className="w-full border-collapse text-left cells:py-0.5 cells:pr-3 cells:font-normal">
      <thead className="text-xs text-dim">
        <tr>
          <th scope="col">
            <span className="sr-only">Resource</span>
          </th>
          <th scope="col">Total</th>
          <th scope="col">Reserved</th>
          <th scope="col">Free</th>
        </tr>
      </thead>
      <tbody>
        {resources.map(({ resource, unit, amount, reserved, free }) => (
          <tr key={resource} data-resource={resource}>
            <th scope="row" className="wrap-anywhere">
              {resource}
              <Meter
                className="mt-1"
                parts={[
                  {
                    key: 'reserved',
                    width: amount > 0 ? Math.min(1, reserved / amount) : 0,
                    color: 'var(--color-accent)',
                  },
                ]}
              />
            </th>
            <td>{quantity({ unit, amount })}</td>
            <td>{quantity({ unit, amount: reserved })}</td>
            <td className={free < 0 ? 'text-bad' : ''}>{quantity({ unit, amount: free })}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Labels({ title, labels }: { title: string; labels: Details['labels'] }) {
  return (
    <div>
      <h4 className="text-xs text-dim">{title}</h4>
      {labels.length === 0 ? (
        <p>none</p>
      ) : (
        <ul className="grid gap-0.5">
          {labels.map(({ name, value }) => (
            <li key={name} className="wrap-anywhere">
              <Code>{value === '' ? name : `${name}=${value}`}</Code>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** Tasks that are listed. */
const MOST_TASKS = 50;

function Tasks({ tasks, view }: { tasks: readonly TaskView[]; view: SwarmView }) {
  const badgeOf = useBadges(view);
  const living = tasks.filter(({ phase }) => !hasEnded(phase));
  const ended = tasks.length - living.length;
  const more = living.length - MOST_TASKS;
  return (
    <Section title="Tasks">
      {living.length === 0 && <p className="text-dim">No tasks</p>}
      <ul className="grid gap-1" data-node-tasks>
        {living.slice(0, MOST_TASKS).map((task) => (
          <li key={task.id} className="flex items-center gap-2">
            <SlotBadge slot={badgeOf(task)} />
            <DetailsLink to={{ kind: 'task', id: task.id }}>{task.name}</DetailsLink>
            <span className={`ml-auto text-xs ${STATE_TONES[CHIP_LOOKS[task.phase]]}`}>
              {task.phase === 'lost' ? 'unknown' : task.state}
            </span>
          </li>
        ))}
      </ul>
      {(more > 0 || ended > 0) && (
        <p className="mt-1 text-xs text-dim">
          {`The Tasks table also lists ${listed([
            ...(more > 0 ? [counted(more, 'more task')] : []),
            ...(ended > 0 ? [counted(ended, 'ended task')] : []),
          ])} of this node.`}
        </p>
      )}
    </Section>
  );
}

function Events({ nodeId, at }: { nodeId: string; at: number | null }) {
  const timeline = useTimeline();
  const events = nodeEvents(timeline?.entries ?? [], nodeId, at ?? undefined);
  return (
    <Section title="Last events">
      {events.length === 0 && <p className="text-dim">None in the recorded time.</p>}
      <ol className="grid gap-1" data-node-events>
        {events.map((entry) => (
          <li key={entry.seq} className="flex items-baseline gap-3">
            <span className="font-mono text-xs text-dim">{clockTime(entry.at)}</span>
            <span className={`min-w-0 flex-1 wrap-anywhere ${entry.bad ? 'text-bad' : ''}`}>
              {entry.bad && <span className="sr-only">Problem: </span>}
              {entry.text}
              {entry.by !== undefined && (
                <span className="text-xs text-dim"> {byWords(entry.by)}</span>
              )}
            </span>
          </li>
        ))}
      </ol>
    </Section>
  );
}

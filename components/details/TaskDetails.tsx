import { shortAge, shortDuration } from '@/lib/client/age';
import { useConnection, useFromNow } from '@/lib/client/hooks';
import { useBadges } from '@/lib/client/use-badges';
import type { TaskDetails as Details } from '@/lib/swarm/details';
import { clockTime } from '@/lib/swarm/duration';
import { nodeNames } from '@/lib/swarm/node-names';
import { isSameSlot } from '@/lib/swarm/task-slot';
import type { NodeView, SwarmView, TaskView } from '@/lib/swarm/view';
import { CHIP_LOOKS, STATE_TONES, stateWords } from '../board/task-words';
import { HintActions } from '../actions/HintActions';
import { DetailsOfTaskLogs } from '../logs/DetailsLogs';
import { Help } from '../ui/Help';
import { Prose } from '../ui/Prose';
import { SlotBadge } from '../ui/SlotBadge';
import { amountWords } from './details-words';
import { Inspect } from './Inspect';
import { Code, DetailsLink, Facts, Loading, Ports, Room, Section, type Fact } from './parts';
import { portLinks } from './port-links';
import { causeOf, whyTitle } from './task-cause';
import { taskSteps } from './task-steps';
import { useDetails } from './use-details';

/** A task's badge, name and state with its age. */
export function TaskTitle({
  task,
  view,
  removed,
}: {
  task: TaskView;
  view: SwarmView;
  removed: boolean;
}) {
  const badgeOf = useBadges(view);
  return (
    <>
      <SlotBadge slot={badgeOf(task)} />
      <span className="min-w-0 wrap-anywhere">{task.name}</span>
      <span
        className={`text-xs font-normal ${removed ? 'text-dim' : STATE_TONES[CHIP_LOOKS[task.phase]]}`}
      >
        {removed ? 'removed' : <StateAge task={task} view={view} />}
      </span>
    </>
  );
}

function StateAge({ task, view }: { task: TaskView; view: SwarmView }) {
  const node = view.nodes.find(({ id }) => id === task.nodeId);
  const lostAt = node?.stateSince ?? null;
  return useFromNow((now) => stateWords({ task, lostAt }, now));
}

/** What is known of a task. `at`: the time of the past view that is shown; null: now. */
export function TaskDetails({
  task,
  view,
  live,
  at,
  removed,
}: {
  task: TaskView;
  view: SwarmView;
  live: SwarmView;
  at: number | null;
  removed: boolean;
}) {
  const { state } = useConnection();
  const now = live.tasks.find(({ id }) => id === task.id);
  const path = `api/tasks/${encodeURIComponent(task.id)}` as const;
  // The parts that come from the server follow the live task, whatever the past view shows.
  const loaded = useDetails<Details>(now ? path : null, state === 'live' ? now : null);
  const { data } = loaded;
  const node = view.nodes.find(({ id }) => id === task.nodeId) ?? null;
  const cause = causeOf(task, view.tasks);
  const service = view.services.find(({ id }) => id === task.serviceId);
  return (
    <>
      {removed && (
        <p className="text-dim">Swarm has removed this task. Below is how it was last.</p>
      )}
      {cause && (
        <Section title={whyTitle(task, cause)}>
          {cause !== task && (
            <p className="mb-1">
              The task before it{' '}
              <DetailsLink to={{ kind: 'task', id: cause.id }}>{cause.id.slice(0, 12)}</DetailsLink>{' '}
              {CAUSES[cause.state] ?? 'failed'}.
            </p>
          )}
          {cause.error && (
            <p
              className={`font-mono text-xs whitespace-pre-wrap wrap-anywhere ${cause.phase === 'failed' ? 'text-bad' : 'text-warn'}`}
            >
              {cause.error}
            </p>
          )}
          {cause.hint && (
            <p className="mt-1">
              <Prose text={cause.hint} />{' '}
              {cause.help && <Help id={cause.help} about={`${task.name} ${cause.state}`} />}
            </p>
          )}
        </Section>
      )}
      <Room of="actions">
        {at === null && service && cause && cause.actions.length > 0 && (
          <Section title="What now?">
            <HintActions actions={cause.actions} serviceId={task.serviceId} taskId={cause.id} />
          </Section>
        )}
      </Room>
      <Ports links={portLinks(task, service, view.nodes, location.hostname)} />
      <Section title="Task">
        <Facts facts={factsOf(task, node, view, data)} />
        {now && at === null && <Inspect of={{ task: task.id }} />}
        {now ? (
          <Loading loaded={loaded} />
        ) : (
          <p className="mt-1 text-xs text-dim">
            The engine no longer lists this task: its constraints and resources are not known.
          </p>
        )}
      </Section>
      <Steps task={task} seen={data?.states ?? NO_STATES} until={at ?? undefined} />
      <History task={task} view={view} />
      <Room of="logs">
        <DetailsOfTaskLogs task={task} at={at} />
      </Room>
    </>
  );
}

/** What became of the task before. */
const CAUSES: Partial<Record<TaskView['state'], string>> = {
  rejected: 'was rejected',
  complete: 'ended',
};
const NO_STATES: Details['states'] = [];

function factsOf(
  task: TaskView,
  node: NodeView | null,
  { goneNodes }: SwarmView,
  data: Details | null,
): Fact[] {
  const list = (texts: readonly string[]) => texts.length > 0 && texts.join(', ');
  const gone = goneNodes.find(({ id }) => id === task.nodeId);
  const nodeName = node ? (
    <DetailsLink to={{ kind: 'node', id: node.id }}>{node.name}</DetailsLink>
  ) : (
    (gone && `${gone.name}, which has left the swarm`) || (task.nodeId ?? 'none yet')
  );
  const container = data?.container ?? task.container;
  return [
    ['Node', nodeName],
    ['Image', `${task.image}${task.upToDate ? '' : ' (an old version of the service)'}`],
    ['Digest', data?.digest ? <Code>{data.digest}</Code> : null],
    ['Container', container ? <Code>{container}</Code> : 'none'],
    ['Exit code', task.exitCode === null || !container ? null : String(task.exitCode)],
    ['Desired state', task.desired],
    ['Constraints', data && (list(data.constraints) || 'none')],
    ['Per node', data?.maxPerNode ? `at most ${data.maxPerNode}` : null],
    ['Reserved', data && (list(data.reservations.map(amountWords)) || 'nothing')],
    ['Limits', data && (list(data.limits.map(amountWords)) || 'none')],
    ['Id', <Code key="id">{task.id}</Code>],
  ];
}

function Steps({
  task,
  seen,
  until,
}: {
  task: TaskView;
  seen: Details['states'];
  until: number | undefined;
}) {
  const steps = taskSteps(task, seen, until);
  return (
    <Section title="States">
      <ol className="grid grid-cols-[auto_minmax(0,1fr)_auto] gap-x-3 gap-y-0.5">
        {steps.map(({ name, at, took }) => (
          <li key={name} className="contents">
            <span className="font-mono text-xs leading-5 text-dim">{clockTime(at)}</span>
            <span>{name}</span>
            <span className="text-xs leading-5 text-dim">
              {took === null ? <Since at={at} /> : took > 0 && shortDuration(took)}
            </span>
          </li>
        ))}
      </ol>
    </Section>
  );
}

function Since({ at }: { at: number }) {
  return useFromNow((now) => `for ${shortAge(now - at)}`);
}

function History({ task, view }: { task: TaskView; view: SwarmView }) {
  const attempts = view.tasks.filter((one) => isSameSlot(one, task));
  if (!attempts.some(({ id }) => id !== task.id)) return null;
  const names = nodeNames(view);
  return (
    <Section title="Tasks of this slot, newest first">
      <ol className="grid gap-2" data-slot-history>
        {attempts.map((one) => (
          <li
            key={one.id}
            aria-current={one.id === task.id || undefined}
            className="border-l-2 border-line pl-2.5 aria-[current]:border-accent"
          >
            <p className="flex flex-wrap items-baseline gap-x-2">
              {one.id === task.id ? (
                <b>this task</b>
              ) : (
                <DetailsLink to={{ kind: 'task', id: one.id }}>{one.id.slice(0, 12)}</DetailsLink>
              )}
              <span className={`text-xs ${STATE_TONES[CHIP_LOOKS[one.phase]]}`}>
                <StateAge task={one} view={view} />
              </span>
              <span className="text-xs text-dim">
                {one.nodeId ? `on ${names.get(one.nodeId) ?? one.nodeId}, ` : ''}
                {`created ${clockTime(one.createdAt)}`}
              </span>
            </p>
            {one.error && one.id !== task.id && (
              <p className="line-clamp-3 font-mono text-xs text-bad wrap-anywhere">{one.error}</p>
            )}
          </li>
        ))}
      </ol>
    </Section>
  );
}

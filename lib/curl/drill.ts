import { shell } from '../swarm/shell';
import { dockerNode } from '../swarm/hat/unique-names';
import type { Availability, NodeView, SwarmView, TaskView } from '../swarm/view';
import type { NoDial } from './dial';
import { findNode } from '../swarm/find-entity';
import type { Run } from './run';

/** A drill request, as the API's `drillRequestSchema`. */
export type DrillOrder =
  | { readonly kind: 'drain'; readonly node: string; readonly seconds: number }
  | { readonly kind: 'kill'; readonly task: string };

/** A resolved drill. */
export type DrillPlan =
  | {
      readonly kind: 'drain';
      readonly node: NodeView;
      readonly seconds: number;
      /** The availability that is restored. */
      readonly back: Availability;
    }
  | {
      readonly kind: 'kill';
      readonly node: NodeView;
      readonly task: TaskView;
      /** First 12 characters of the container's id. */
      readonly container: string;
    };

/** Why a drill is refused; `kind` is one of the API's problem kinds. */
export interface NoDrill extends Omit<NoDial, 'kind'> {
  readonly kind: 'bad-request' | 'not-found' | 'not-drillable';
}

type Planned =
  | { readonly ok: true; readonly plan: DrillPlan }
  | { readonly ok: false; readonly why: NoDrill };

const no = (kind: NoDrill['kind'], detail: string, next: string): Planned => ({
  ok: false,
  why: { kind, detail, next },
});

/**
 * Resolves a drill request against the current view, or to the reason why it is refused. Only tasks of the run's own
 * service may be killed: otherwise a drill could end any container, the dashboard's included.
 */
export function planDrill(
  view: Pick<SwarmView, 'engine' | 'nodes' | 'tasks'>,
  run: Pick<Run['request'], 'serviceId' | 'service'>,
  order: DrillOrder,
): Planned {
  return order.kind === 'drain'
    ? planDrain(view, order.node, order.seconds)
    : planKill(view, run, order.task);
}

function planDrain(view: Pick<SwarmView, 'nodes'>, wanted: string, seconds: number): Planned {
  const node = findNode(view, wanted);
  if (node === 'ambiguous') {
    return no(
      'bad-request',
      'More than one node has this name.',
      'Give the id of the node instead.',
    );
  }
  if (!node) {
    return no(
      'not-found',
      'No node has this name or id.',
      'Give the name or the id of a node that docker node ls shows.',
    );
  }
  if (!node.listed) {
    return no(
      'not-drillable',
      `Only the tasks of the node ${node.name} are known.`,
      'A proxy in front of the engine has to allow NODES.',
    );
  }
  if (node.availability === 'drain') {
    return no(
      'not-drillable',
      `${node.name} is drained already.`,
      `To bring it back: ${shell`docker node update --availability active ${dockerNode(view.nodes, node)}`}`,
    );
  }
  if (node.state === 'down') {
    return no('not-drillable', `${node.name} is down already.`, 'Drain another node.');
  }
  if (node.availability === 'unknown') {
    return no(
      'not-drillable',
      `The engine does not report ${node.name}'s availability, so it could not be restored.`,
      'Drain another node.',
    );
  }
  return { ok: true, plan: { kind: 'drain', node, seconds, back: node.availability } };
}

function planKill(
  view: Pick<SwarmView, 'engine' | 'nodes' | 'tasks'>,
  run: Pick<Run['request'], 'serviceId' | 'service'>,
  wanted: string,
): Planned {
  const tasks = view.tasks.filter(
    (task) => task.serviceId === run.serviceId && task.phase === 'running',
  );
  const task = tasks.find(({ id }) => id === wanted) ?? tasks.find(({ name }) => name === wanted);
  if (!task) {
    return no(
      'not-found',
      `No running task of ${run.service} has this name or id.`,
      `Give one that ${shell`docker service ps ${run.service}`} shows as running.`,
    );
  }
  const node = view.nodes.find(({ id }) => id === task.nodeId);
  if (!node || task.container === null) {
    return no('not-drillable', `${task.name} has no container yet.`, 'Try again in a moment.');
  }
  if (view.engine.nodeId === '') {
    return no(
      'not-drillable',
      'Which node the dashboard is connected to is unknown, and only tasks of that one can be killed.',
      'A proxy in front of the engine has to allow INFO.',
    );
  }
  if (node.id !== view.engine.nodeId) {
    return no(
      'not-drillable',
      `${task.name} runs on ${node.name}, and swarm has no call that kills a task on another node.`,
      `On ${node.name} run ${shell`docker kill ${task.container}`}; the run will notice. Or drain the node.`,
    );
  }
  return { ok: true, plan: { kind: 'kill', node, task, container: task.container } };
}

import { actionsOf } from './actions';
import { constraintWords } from './constraint-words';
import type { EngineTask } from '../engine-json';
import { groupBy } from '../group-by';
import { naturalOrder } from '../natural';
import {
  failuresOf,
  type Cluster,
  type FilterName,
  type MissingPlugin,
} from '../placement/placement';
import { placementActions } from './placement-actions';
import {
  command,
  cure,
  groupsInWords,
  names,
  ofFilter,
  verb,
  type Judged,
  type Of,
  type Scene,
} from './placement-phrases';
import { imagePlatforms, platformLimit } from '../placement/platforms';
import { resourceWords } from './resource-words';
import type { HelpId } from './troubleshooting';
import { WAITING_REASONS, type Hint } from './waiting-reasons';
import { counted, inSentence, listed } from '../words';

/**
 * Why a pending task finds no node, and the cheapest cure, by the nodes as they are now. Null when some node could run
 * it as far as is known: the reason that swarm gives can be outdated. `besides`: a node that the task has to leave, so
 * that only the others count.
 */
export function explainWaiting(
  task: EngineTask,
  all: Cluster,
  besides: string | null = null,
): Hint | null {
  const cluster = besides === null ? all : without(all, besides);
  const service = cluster.services.get(task.ServiceID)?.Spec.Name ?? '';
  // A global service's task has its node already, which is only checked.
  const judged = cluster.loads
    .filter(({ node }) => !task.NodeID || node.ID === task.NodeID)
    .map((load) => ({ load, failures: failuresOf(task, load, cluster) }));
  const scene = {
    task,
    service: inSentence(service),
    serviceRef: service,
    cluster,
    other: besides === null ? '' : 'other ',
    judged,
  };
  const groups = judged.every(({ failures }) => failures.length > 0) ? groupsOf(judged) : [];
  const shown = new Set(groups.map(([first]) => first?.failures[0]?.filter));
  const parts = [...groups.map((group) => say(scene, group)), ...unseen(scene, shown)];
  const [first] = parts;
  if (!first) return null;
  const target = groups.length > 0 ? nearest(judged) : undefined;
  const actions = target
    ? placementActions(scene, target)
    : parts.flatMap(({ help }) => actionsOf(help, null));
  return { ...first, text: parts.map(({ text }) => text).join(' '), actions };
}

function without({ loads, services }: Cluster, nodeId: string): Cluster {
  return { loads: loads.filter(({ node }) => node.ID !== nodeId), services };
}

/** Swarm's reasons that cannot be derived from the engine's lists. */
function unseen(scene: Scene, shown: ReadonlySet<FilterName | undefined>): Hint[] {
  return WAITING_REASONS.flatMap(({ filter, pattern, say }) => {
    const match = scene.task.Status.Err.match(pattern);
    if (!match || (filter !== null && shown.has(filter))) return [];
    const platforms = platformsOf(scene);
    // Some clients record an ARM image under a name that matches every node.
    if (filter === 'platform') return platformLimit(platforms, true) ?? [];
    // Neither volumes nor the ports of a removed service's tasks are in the engine's lists.
    return filter === null || filter === 'host-port' ? [say(match, platforms)] : [];
  });
}

/** The image's platforms, and the nodes that pass all filters before the one on platforms. */
function platformsOf({ task, judged }: Scene) {
  const before: readonly FilterName[] = ['ready', 'resources', 'plugin', 'constraints'];
  const reached = judged.filter(({ failures }) =>
    failures.every(({ filter }) => !before.includes(filter)),
  );
  return {
    image: imagePlatforms(task.Spec),
    nodes: reached.map(({ load }) => load.platform),
  };
}

/** Groups nodes by the first filter they fail; the group of the nearest node first, then the largest. */
function groupsOf(judged: readonly Judged[]): Judged[][] {
  const groups = [...groupBy(judged, ({ failures }) => failures[0]?.filter).values()];
  const best = nearest(judged);
  const first = (group: Judged[]) => Number(best !== undefined && group.includes(best));
  return groups.sort((a, b) => first(b) - first(a) || b.length - a.length);
}

/** Filters by how much it takes to satisfy them, the least first. */
const EFFORT: readonly FilterName[] = [
  'max-replicas',
  'resources',
  'host-port',
  'ready',
  'constraints',
  'plugin',
  'platform',
];

function effort({ failures }: Judged): number {
  return failures.reduce((sum, failure) => {
    const down =
      failure.filter === 'ready' && (failure.why === 'down' || failure.why === 'unready');
    return sum + (down ? EFFORT.length : EFFORT.indexOf(failure.filter));
  }, 0);
}

/** By how much of what it reserves the task is too large for the node. */
function lacking({ failures }: Judged): number {
  const short = failures.flatMap((one) => (one.filter === 'resources' ? one.short : []));
  return short.reduce((sum, { needs, free }) => sum + (needs - free) / needs, 0);
}

/** The node that needs the least to take the task; workers before managers, which have other work. */
function nearest(judged: readonly Judged[]): Judged | undefined {
  const role = ({ load }: Judged) => Number(load.node.Spec.Role === 'manager');
  return judged.toSorted(
    (a, b) =>
      a.failures.length - b.failures.length ||
      effort(a) - effort(b) ||
      lacking(a) - lacking(b) ||
      role(a) - role(b) ||
      naturalOrder(a.load.name, b.load.name),
  )[0];
}

/** The text for a group, with the cure for its nearest node if that is all this node needs. */
function say(scene: Scene, group: readonly Judged[]): Hint {
  const target = nearest(group);
  const [first, ...others] = target?.failures ?? [];
  if (!target || !first) return hint('nodes-unavailable', '');
  const enough = others.length === 0 || target === nearest(scene.judged);
  const said = SENTENCES[first.filter](scene, group, enough ? target : null);
  const more = enough ? others : [];
  const texts = more.map((failure) => {
    const alone = { load: target.load, failures: [failure] };
    return SENTENCES[failure.filter](scene, [alone], alone).text;
  });
  return { ...said, text: [said.text, ...texts].join(' ') };
}

type Sentence = (scene: Scene, group: readonly Judged[], target: Judged | null) => Hint;

const SENTENCES: Record<FilterName, Sentence> = {
  ready: (_, group, target) => hint('nodes-unavailable', unavailable(group, target)),
  resources: (scene, group, target) => hint('resources', resourceWords(scene, group, target)),
  plugin: (_, group, target) => hint('missing-plugin', plugins(group, target)),
  constraints: (scene, group, target) => hint('constraints', constraintWords(scene, group, target)),
  platform: (scene, group) =>
    platformLimit(platformsOf(scene), true) ??
    hint('image-other-processor', `The image is not made for ${names(group)}.`),
  'host-port': (scene, group) => hint('host-port', takenPort(scene, group)),
  'max-replicas': (scene, group) => hint('max-replicas-per-node', fullNodes(scene, group)),
};

const hint = (help: HelpId, text: string): Hint => ({ help, text });

const CLOSED: Record<Of<'ready'>['why'], string> = {
  drain: 'drained',
  pause: 'paused',
  unready: 'not ready',
  down: 'down',
};

function unavailable(group: readonly Judged[], target: Judged | null): string {
  const closed = ofFilter(group, 'ready');
  const kinds = Object.keys(CLOSED) as Of<'ready'>['why'][];
  const clauses = kinds.flatMap((why) => {
    const those = closed.filter(({ failure }) => failure.why === why);
    return those.length > 0 ? [`${names(those)} ${verb(those, 'are', 'is')} ${CLOSED[why]}`] : [];
  });
  const why = target && ofFilter([target], 'ready')[0]?.failure.why;
  if (target && (why === 'drain' || why === 'pause')) {
    const open = command('docker node update', ['--availability active'], target.load.ref);
    return `${listed(clauses)}${cure(open)}`;
  }
  return `${listed(clauses)}${why === 'down' ? ': check power and network' : ''}.`;
}

const PLUGIN_TYPES: Record<MissingPlugin['type'], string> = {
  Volume: 'volume driver',
  Network: 'network driver',
  Log: 'log driver',
};

function plugins(group: readonly Judged[], target: Judged | null): string {
  const missing = ofFilter(group, 'plugin').flatMap(({ load, failure }) =>
    failure.missing.map((plugin) => ({ load, plugin })),
  );
  const groups = [...groupBy(missing, ({ plugin }) => `${plugin.type} ${plugin.name}`).values()];
  const words = groupsInWords(
    groups,
    (those) => {
      const plugin = those[0]?.plugin;
      const what = plugin ? `${PLUGIN_TYPES[plugin.type]} ${inSentence(plugin.name)}` : '';
      return `${names(those)} ${verb(those, 'do', 'does')} not have the ${what}`;
    },
    (count) => `${count} more are missing`,
  );
  const name = target && ofFilter([target], 'plugin')[0]?.failure.missing[0]?.name;
  if (!target || name === null || name === undefined) return `${words}.`;
  const install = command('docker plugin install', [], name);
  return `${words}. Install it on ${inSentence(target.load.name)}${cure(install)}`;
}

function takenPort(scene: Scene, group: readonly Judged[]): string {
  const { service, task, cluster } = scene;
  const taken = ofFilter(group, 'host-port');
  const own = taken.every(({ failure }) => failure.holder.ServiceID === task.ServiceID);
  const ports = listed([
    ...new Set(taken.map(({ failure }) => inSentence(portName(failure.port)))),
  ]);
  if (own) {
    const before = taken.find(
      ({ failure }) => task.Slot !== undefined && failure.holder.Slot === task.Slot,
    );
    if (before) {
      const options = ['--update-order stop-first'];
      const update = command('docker service update', options, scene.serviceRef);
      return `Port ${ports} is taken on ${names(taken)} by ${service} itself: with mode=host the old task has to stop before the new one starts${cure(update)}`;
    }
    return `Port ${ports} is taken on ${names(taken)} by ${service} itself: with mode=host each node runs one of its tasks. Scale it to the number of nodes, or publish it through the routing mesh.`;
  }
  const holderOf = ({ failure: { holder } }: (typeof taken)[number]) => {
    const name = cluster.services.get(holder.ServiceID)?.Spec.Name ?? 'a task';
    return inSentence(holder.Slot ? `${name}.${holder.Slot}` : name);
  };
  const groups = [...groupBy(taken, holderOf).values()];
  const words = groupsInWords(
    groups,
    (those) => {
      const holder = those[0] ? holderOf(those[0]) : '';
      return `on ${names(those)} by ${holder}`;
    },
    (count) => `on ${counted(count, 'more node')}`,
  );
  return `Port ${ports} is taken ${words}: mode=host allows one task per node and port. Publish ${service} on another port, or through the routing mesh.`;
}

/** `8080`, or `53/udp`. */
function portName(port: string): string {
  const [protocol = '', number = ''] = port.split('/');
  return protocol === 'tcp' ? number : `${number}/${protocol}`;
}

function fullNodes({ service, serviceRef }: Scene, group: readonly Judged[]): string {
  const limit = ofFilter(group, 'max-replicas')[0]?.failure.limit ?? 0;
  const tasks = `${limit} ${limit === 1 ? 'task' : 'tasks'}`;
  const options = [`--replicas-max-per-node ${limit + 1}`];
  const update = command('docker service update', options, serviceRef);
  return `${service} may run ${tasks} per node, and ${names(group)} ${verb(group, 'have', 'has')} as many. Scale it down, add a node, or raise the limit${cure(update)}`;
}

import { factOf, satisfiesOne, type Constraint, type ConstraintKind } from './constraints';
import type { EngineTask } from './engine-json';
import { groupBy } from './group-by';
import { naturalOrder } from './natural';
import {
  failuresOf,
  type Cluster,
  type Failure,
  type FilterName,
  type MissingPlugin,
  type NodeLoad,
  type Shortage,
} from './placement';
import { dockerArch, imagePlatforms, platformLimit } from './platforms';
import { shell, shellWord } from './shell';
import type { HelpId } from './troubleshooting';
import { WAITING_REASONS, type Hint } from './waiting-reasons';
import { counted, inSentence, listed } from './words';

/** A node and all that keeps the task off it. */
interface Judged {
  load: NodeLoad;
  failures: readonly Failure[];
}

/** The failure of one filter, on one node. */
type Of<F extends FilterName> = Extract<Failure, { filter: F }>;

/** What a sentence is made from. */
interface Scene {
  task: EngineTask;
  /** The service's name, for sentences and for commands. */
  service: string;
  serviceRef: string;
  cluster: Cluster;
  /** The nodes that the task could go to. */
  judged: readonly Judged[];
}

/** Groups, plug-ins, constraints that a sentence names before it only counts the others. */
const MOST_GROUPS = 3;

/** Names and labels can have any length, and nobody can check a longer command. */
const LONGEST_COMMAND = 300;

/**
 * Why a pending task finds no node, and the cheapest cure, from what the nodes are now; null when
 * nothing that can be seen keeps it off every node any more. Swarm's own reason can be older.
 */
export function explainWaiting(task: EngineTask, cluster: Cluster): Hint | null {
  const service = cluster.services.get(task.ServiceID)?.Spec.Name ?? '';
  // A global service's task has its node already, which is only checked.
  const judged = cluster.loads
    .filter(({ node }) => !task.NodeID || node.ID === task.NodeID)
    .map((load) => ({ load, failures: failuresOf(task, load, cluster) }));
  const scene = { task, service: inSentence(service), serviceRef: service, cluster, judged };
  const groups = judged.every(({ failures }) => failures.length > 0) ? groupsOf(judged) : [];
  const shown = new Set(groups.map(([first]) => first?.failures[0]?.filter));
  const parts = [...groups.map((group) => say(scene, group)), ...unseen(scene, shown)];
  const [first] = parts;
  return first ? { ...first, text: parts.map(({ text }) => text).join(' ') } : null;
}

/** Reasons of swarm's that the facts at hand do not show. */
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

/** By the filter that a node fails first: the one with the nearest node, then those with the most. */
function groupsOf(judged: readonly Judged[]): Judged[][] {
  const groups = [...groupBy(judged, ({ failures }) => failures[0]?.filter).values()];
  const best = nearest(judged);
  const first = (group: Judged[]) => Number(best !== undefined && group.includes(best));
  return groups.sort((a, b) => first(b) - first(a) || b.length - a.length);
}

/** How much it takes to remove what a filter objects to, the least first. */
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

/** A group in words. The cure is for the group's nearest node, where it is enough for that node. */
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
  resources: (scene, group, target) => hint('resources', resources(scene, group, target)),
  plugin: (_, group, target) => hint('missing-plugin', plugins(group, target)),
  constraints: (scene, group, target) => hint('constraints', constraints(scene, group, target)),
  platform: (scene, group) =>
    platformLimit(platformsOf(scene), true) ??
    hint('image-other-processor', `The image is not made for ${names(group)}.`),
  'host-port': (scene, group) => hint('host-port', takenPort(scene, group)),
  'max-replicas': (scene, group) => hint('max-replicas-per-node', fullNodes(scene, group)),
};

const hint = (help: HelpId, text: string): Hint => ({ help, text });

/** The group's failures of one filter, each with its node. */
function ofFilter<F extends FilterName>(group: readonly Judged[], filter: F) {
  return group.flatMap(({ load, failures }) => {
    const failure = failures.find((one): one is Of<F> => one.filter === filter);
    return failure ? [{ load, failure }] : [];
  });
}

/** `zero1, zero2 and zero3`. */
function names(group: readonly { load: NodeLoad }[]): string {
  return listed(
    group
      .map(({ load }) => load.name)
      .sort(naturalOrder)
      .map(inSentence),
  );
}

/** The verb after `names(group)`. */
const verb = (group: readonly unknown[], plural: string, singular: string) =>
  group.length === 1 ? singular : plural;

/** The command at the end of a sentence; the sentence ends without one that is too long. */
function cure(command: string, after = ''): string {
  return command.length > LONGEST_COMMAND ? '.' : `: \`${command}\`${after}.`;
}

/** The first groups in words, and what is said of the `rest` of the nodes. */
function groupsInWords<T>(
  groups: readonly (readonly T[])[],
  words: (group: readonly T[]) => string,
  rest: (count: number) => string,
): string {
  const shown = groups.slice(0, MOST_GROUPS).map(words);
  const count = groups.slice(MOST_GROUPS).flat().length;
  return listed(count > 0 ? [...shown, rest(count)] : shown);
}

/** An option with its value as a shell reads it. */
const option = (name: string, value: string) =>
  `${name}${value.startsWith('-') ? '=' : ' '}${shellWord(value)}`;

/** `docker service update OPTIONS NAME`. */
const command = (what: string, options: readonly string[], name: string) =>
  [what, ...options].join(' ') + shell` ${name}`;

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

const MIB = 2 ** 20;

/** An amount of a resource in words; what is free is rounded down, what is needed up. */
function amount(resource: string, value: number, round: (value: number) => number): string {
  if (resource === 'memory') {
    const mib = Math.max(0, round(value / MIB));
    return mib < 10 * 1024 ? `${mib} MiB` : `${round(mib / 102.4) / 10} GiB`;
  }
  if (resource === 'cpu') {
    const cpus = Math.max(0, round(value / 1e7) / 100);
    return `${cpus} ${cpus === 1 ? 'CPU' : 'CPUs'}`;
  }
  return `${Math.max(0, value)} ${inSentence(resource.slice(1))}`;
}

const needed = ({ resource, needs }: Shortage) => amount(resource, needs, Math.ceil);
const left = ({ resource, free }: Shortage) => amount(resource, free, Math.floor);
const all = ({ resource, total }: Shortage) => amount(resource, total, Math.floor);

function resources(scene: Scene, group: readonly Judged[], target: Judged | null): string {
  const short = ofFilter(group, 'resources');
  const kinds = [
    ...new Set(short.flatMap(({ failure }) => failure.short.map(({ resource }) => resource))),
  ];
  const sentences = kinds.map((kind) => {
    const those = short.flatMap(({ load, failure }) =>
      failure.short.flatMap((one) => (one.resource === kind ? [{ load, one }] : [])),
    );
    return shortOf(scene, those);
  });
  return `${sentences.join('. ')}${target ? lowering(scene, target) : '.'}`;
}

type ShortNode = { load: NodeLoad; one: Shortage };

/** `goweb needs 512 MiB of free memory; zero1 has 427 MiB`: the nodes with the most first. */
function shortOf({ service }: Scene, those: readonly ShortNode[]): string {
  const [most] = those;
  if (!most) return '';
  const { resource } = most.one;
  const what = resource === 'memory' ? ' of free memory' : resource === 'cpu' ? ' free' : '';
  const has = ({ one }: ShortNode) => {
    if (one.total <= 0 && resource.startsWith('=')) return 'none';
    return one.free === one.total ? left(one) : `${left(one)} of ${all(one)}`;
  };
  const groups = [...groupBy(those, has).values()].sort(
    (a, b) => (b[0]?.one.free ?? 0) - (a[0]?.one.free ?? 0),
  );
  const words = groupsInWords(
    groups,
    (group) => `${names(group)} ${verb(group, 'have', 'has')} ${group[0] ? has(group[0]) : ''}`,
    (count) => `${counted(count, 'other node', 'have')} less`,
  );
  return `${service} needs ${needed(most.one)}${what}; ${words}`;
}

/** The smallest reservation that swarm accepts (swarmkit controlapi). */
const LEAST_MEMORY = 4 * MIB;
const LEAST_CPU = 1e7;

/** Where a node's generic resources come from. */
const OFFERS =
  '. Nodes offer such resources by "node-generic-resources" in their /etc/docker/daemon.json.';

/** What the service would have to reserve for the node, and who reserves the rest of it. */
function lowering(scene: Scene, target: Judged): string {
  const short = ofFilter([target], 'resources')[0]?.failure.short ?? [];
  const options = short.flatMap(({ resource, free }) => {
    if (resource === 'memory') {
      return free >= LEAST_MEMORY ? [`--reserve-memory ${Math.floor(free / MIB)}M`] : [];
    }
    return resource === 'cpu' && free >= LEAST_CPU
      ? [`--reserve-cpu ${Math.floor(free / 1e7) / 100}`]
      : [];
  });
  const holders = short.flatMap((one) => holdersOf(scene, target.load, one));
  const held = holders.length > 0 ? ` (${listed(holders)})` : '';
  if (short.some(({ resource }) => resource.startsWith('='))) return `${held}${OFFERS}`;
  if (options.length < short.length) return `${held}.`;
  return `${held}${cure(command('docker service update', options, scene.serviceRef))}`;
}

/** `db reserves 300 MiB`, for the services that leave too little of what would be enough. */
function holdersOf({ cluster }: Scene, load: NodeLoad, { resource, needs, total }: Shortage) {
  if (needs > total) return [];
  return [...(load.reserved.get(resource) ?? [])]
    .sort(([, a], [, b]) => b - a)
    .slice(0, 2)
    .map(([id, value]) => {
      const name = cluster.services.get(id)?.Spec.Name ?? 'a removed service';
      return `${inSentence(name)} reserves ${amount(resource, value, Math.ceil)}`;
    });
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

/** `zero1 does not have it`: which of the nodes fail a constraint, of all that there are. */
function whoFails(
  { cluster, task }: Scene,
  constraint: Constraint,
  group: readonly { load: NodeLoad }[],
): string {
  const label = constraint.kind === 'node.labels' || constraint.kind === 'engine.labels';
  const nobody = cluster.loads.every(({ node }) => !satisfiesOne(constraint, node));
  const ruledOut = `${verb(group, 'are', 'is')} excluded by it`;
  if (nobody && !task.NodeID) {
    if (!constraint.equal) return 'every node is excluded by it';
    return label ? 'no node has it' : 'no node meets it';
  }
  if (!constraint.equal) return `${names(group)} ${ruledOut}`;
  return `${names(group)} ${verb(group, 'do', 'does')} not ${label ? 'have' : 'meet'} it`;
}

const inWords = ({ key, equal, value }: Constraint) =>
  inSentence(`${key}${equal ? '==' : '!='}${value}`);

function constraints(scene: Scene, group: readonly Judged[], target: Judged | null): string {
  const failing = ofFilter(group, 'constraints').flatMap(({ load, failure }) =>
    failure.unmet.map((constraint) => ({ load, constraint })),
  );
  const byText = [...groupBy(failing, ({ constraint }) => constraint.written).values()].sort(
    (a, b) => b.length - a.length,
  );
  const shown = byText.slice(0, MOST_GROUPS).flatMap((those) => {
    const [first] = those;
    return first ? [[inWords(first.constraint), whoFails(scene, first.constraint, those)]] : [];
  });
  const [only] = shown;
  const what =
    shown.length === 1 && only
      ? only.join('; ')
      : listed(shown.map(([words, who]) => `${words} (${who})`));
  const rest = byText.length - shown.length;
  const more = rest > 0 ? `, and ${counted(rest, 'more constraint')}` : '';
  const needs = `${scene.service} needs ${what}${more}`;
  // Where a node meets them all, that is where the task belongs.
  const met = scene.judged.some(({ failures }) =>
    failures.every(({ filter }) => filter !== 'constraints'),
  );
  const unmet = target && !met ? ofFilter([target], 'constraints')[0]?.failure.unmet : undefined;
  return target && unmet ? `${needs}${meeting(scene, target, unmet)}` : `${needs}.`;
}

/** How the node, or the service, could be changed so that the node meets the constraints. */
function meeting(scene: Scene, { load }: Judged, unmet: readonly Constraint[]): string {
  const labels = unmet.filter(({ kind, label }) => kind === 'node.labels' && label !== '');
  const others = unmet.filter((one) => !labels.includes(one));
  if (others.length > 0) return inService(scene, others, load);
  const options = labels.map(({ equal, label, value }) =>
    equal ? option('--label-add', `${label}=${value}`) : option('--label-rm', label),
  );
  return cure(command('docker node update', options, load.ref), caseNote(labels, load));
}

/** The names of labels are compared with regard to case; their values are not. */
function caseNote(labels: readonly Constraint[], { node, name }: NodeLoad): string {
  const near = labels.flatMap(({ label, equal }) => {
    const own = Object.keys(node.Spec.Labels).find(
      (key) => key !== label && key.toLowerCase() === label.toLowerCase(),
    );
    return equal && own !== undefined ? [own] : [];
  });
  if (near.length === 0) return '';
  return ` (${inSentence(name)} has ${listed(near.map(inSentence))}: case matters)`;
}

/** For what is not to be changed for one service's sake: a node's role, name, address or processor. */
function inService(scene: Scene, unmet: readonly Constraint[], load: NodeLoad): string {
  const options = unmet.flatMap((one) => {
    const better = sameFact(one, load);
    const added = better === null ? [] : [option('--constraint-add', better)];
    return [option('--constraint-rm', one.written), ...added];
  });
  const update = command('docker service update', options, scene.serviceRef);
  return `${unmet.map((one) => remark(one, scene)).join('')}${cure(update)}`;
}

/** The constraint under the name that the node itself reports: `aarch64` for `arm64`. */
function sameFact(constraint: Constraint, { node }: NodeLoad): string | null {
  const { kind, equal, value } = constraint;
  const fact = factOf(constraint, node);
  if (kind !== 'node.platform.arch' || !equal || fact === '') return null;
  const same = dockerArch(fact) === dockerArch(value.toLowerCase());
  return same ? `node.platform.arch==${fact}` : null;
}

const KNOWN_KEYS =
  'node.id, node.hostname, node.ip, node.role, node.platform.os, node.platform.arch, node.labels.… and engine.labels.…';

/** How a sentence begins that lists what the nodes have instead. */
const NAMED_FACTS: Partial<Record<ConstraintKind, string>> = {
  'node.hostname': 'The nodes are called',
  'node.platform.arch': 'The nodes report',
  'node.platform.os': 'The nodes report',
  'node.ip': 'The nodes have the addresses',
};

/** What helps to see the mistake. */
function remark(constraint: Constraint, { cluster }: Scene): string {
  const { kind, key, label, equal, value } = constraint;
  if (kind === 'unknown') {
    return `. Swarm does not know ${inSentence(key)}: there are ${KNOWN_KEYS}`;
  }
  if (kind === 'engine.labels') {
    const entry = inSentence(`${label}=${value}`);
    return equal
      ? `. Engine labels are set in a node's /etc/docker/daemon.json ("labels": ["${entry}"]), and Docker restarted; or without the constraint`
      : `. Without the constraint`;
  }
  const what = equal && NAMED_FACTS[kind];
  if (what) {
    const facts = cluster.loads.map(({ node }) => factOf(constraint, node)).filter(Boolean);
    const known = [...new Set(facts)].sort(naturalOrder).map(inSentence);
    return known.length > 0 ? `. ${what} ${listed(known)}` : '';
  }
  return '';
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
  const groups = [...groupBy(taken, ({ load }) => load.name).values()];
  const words = groupsInWords(
    groups,
    (those) => {
      const holder = those[0]?.failure.holder;
      const name = cluster.services.get(holder?.ServiceID ?? '')?.Spec.Name ?? 'a task';
      return `on ${names(those)} by ${inSentence(holder?.Slot ? `${name}.${holder.Slot}` : name)}`;
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

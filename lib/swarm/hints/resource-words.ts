import { groupBy } from '../group-by';
import type { NodeLoad, Shortage } from '../placement/placement';
import {
  command,
  cure,
  groupsInWords,
  names,
  ofFilter,
  verb,
  type Judged,
  type Scene,
} from './placement-phrases';
import { counted, inSentence, listed } from '../words';

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

/** What a task reserves, what is free on the nodes, and which reservation would fit. */
export function resourceWords(
  scene: Scene,
  group: readonly Judged[],
  target: Judged | null,
): string {
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

/** The reservation that would fit a node, as docker's options have it; null where swarm accepts none that small. */
export function fittingReservation(
  short: readonly Shortage[],
): { memory?: string; cpus?: number } | null {
  const fitting: { memory?: string; cpus?: number } = {};
  for (const { resource, free } of short) {
    if (resource === 'memory' && free >= LEAST_MEMORY) {
      fitting.memory = `${Math.floor(free / MIB)}M`;
    } else if (resource === 'cpu' && free >= LEAST_CPU) {
      fitting.cpus = Math.floor(free / 1e7) / 100;
    } else return null;
  }
  return short.length === 0 ? null : fitting;
}

/** The reservation that would fit the node, and the services that reserve the rest. */
function lowering(scene: Scene, target: Judged): string {
  const short = ofFilter([target], 'resources')[0]?.failure.short ?? [];
  const holders = short.flatMap((one) => holdersOf(scene, target.load, one));
  const held = holders.length > 0 ? ` (${listed(holders)})` : '';
  if (short.some(({ resource }) => resource.startsWith('='))) return `${held}${OFFERS}`;
  const fitting = fittingReservation(short);
  if (!fitting) return `${held}.`;
  const options = short.map(({ resource }) =>
    resource === 'memory' ? `--reserve-memory ${fitting.memory}` : `--reserve-cpu ${fitting.cpus}`,
  );
  return `${held}${cure(command('docker service update', options, scene.serviceRef))}`;
}

/** `db reserves 300 MiB`, for the services whose reservations leave too little. */
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

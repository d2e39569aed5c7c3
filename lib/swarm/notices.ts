import { productOf, type Product } from './engine-product';
import type { OddGroup, OddList } from './read-list';
import { refusalNotices } from './refusals';
import { shell } from './shell';
import type { OddParts, Snapshot } from './snapshot';
import type { Notice, SwarmView } from './view';
import { inSentence, listed } from './words';

/**
 * What the page cannot show, most important first. Each kind has a function of its own. `shown`: the rest of the
 * view.
 */
export function noticesOf(
  { info, odd, refused }: Snapshot,
  shown: Omit<SwarmView, 'notices'>,
): Notice[] {
  return [...refusalNotices(refused), ...productNotice(info), ...oddNotices(odd, shown)];
}

/** What does not work in a swarm of another engine than Docker's usual one. */
const PRODUCTS: Partial<Record<Product, readonly [text: string, next: string]>> = {
  rootless: [
    'This Docker engine is rootless: overlay networks and published ports of services do not work on it.',
    'Make the swarm with an engine that runs as root.',
  ],
  'docker-desktop': [
    'This is Docker Desktop: its node is inside a virtual machine, whose address cannot be reached from outside.',
    'For the swarm of your Pis point DOCKER_HOST at the controller.',
  ],
};

function productNotice(info: Snapshot['info']): Notice[] {
  const words = info && PRODUCTS[productOf(info)];
  if (!words) return [];
  const [text, next] = words;
  return [{ id: 'engine', kind: 'engine', text, next, command: null }];
}

type Kind = 'node' | 'service' | 'task';
type Shown = Pick<SwarmView, 'nodes' | 'services' | 'tasks'>;

/** Notices on odd entities; the others are counted in one more. */
const MAX_ODD_NOTICES = 8;

/** What could not be read of the engine's answers. */
function oddNotices(odd: OddParts, shown: Shown): Notice[] {
  const notices = [
    ...engineNotice(odd.engine),
    ...kindNotices('node', odd.nodes, shown),
    ...kindNotices('service', odd.services, shown),
    ...kindNotices('task', odd.tasks, shown),
  ];
  const others = odd.nodes.others + odd.services.others + odd.tasks.others;
  const more = others + Math.max(0, notices.length - MAX_ODD_NOTICES);
  if (more === 0) return notices;
  const entries = more === 1 ? '1 more entry' : `${more} more entries`;
  const text = `${entries} of the engine's lists could not be read in full.`;
  return [
    ...notices.slice(0, MAX_ODD_NOTICES),
    { id: 'left-out:more', kind: 'left-out', text, next: null, command: null },
  ];
}

function engineNotice(parts: readonly string[]): Notice[] {
  if (parts.length === 0) return [];
  const text = `What the engine reports of itself is shown without ${listed(parts)}.`;
  return [{ id: 'left-out:engine', kind: 'left-out', text, next: null, command: null }];
}

function kindNotices(kind: Kind, { groups }: OddList, shown: Shown): Notice[] {
  return groups.map((group) => {
    const [id] = group.ids;
    const stays = shown[`${kind}s`].some((entity) => entity.id === id);
    return {
      id: `left-out:${kind}:${group.shown}:${group.what.join()}`,
      kind: 'left-out',
      text: `${subject(kind, group, shown)} ${predicate(group, stays)}`,
      next: id === undefined ? null : 'This is what the engine reports:',
      command: id === undefined ? null : inspect(kind, id),
    };
  });
}

/** `Task goweb.3`, `Nodes a, b and c`, `2 tasks` where they have no ids. */
function subject(kind: Kind, { names, ids, count }: OddGroup, shown: Shown): string {
  const capital = kind.charAt(0).toUpperCase() + kind.slice(1);
  if (names.length === 0) return count === 1 ? `A ${kind}` : `${count} ${kind}s`;
  const known = names.map((name, at) => {
    const entity = shown[`${kind}s`].find(({ id }) => id === ids[at]);
    return entity ? inSentence(entity.name) : name;
  });
  const more = count - known.length;
  const all = more > 0 ? `${known.join(', ')} and ${more} more` : listed(known);
  return `${capital}${count === 1 ? '' : 's'} ${all}`;
}

/** `stays`: an entity that cannot be read is shown as it was last read. */
function predicate({ shown, what, count }: OddGroup, stays: boolean): string {
  const [are, their] = count === 1 ? ['is', 'its'] : ['are', 'their'];
  if (shown === 'twice') return `${are} listed twice by the engine and shown once.`;
  if (shown === 'partly') return `${are} shown without ${listed(what)}.`;
  const instead = stays ? 'shown as last read' : 'left out';
  return `${are} ${instead} because of ${their} ${listed(what)}.`;
}

function inspect(kind: Kind, id: string): string {
  if (kind === 'task') return shell`docker inspect --type=task ${id}`;
  return kind === 'node' ? shell`docker node inspect ${id}` : shell`docker service inspect ${id}`;
}

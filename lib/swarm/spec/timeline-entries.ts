import type { Attribution } from '../attributions';
import type { Inspected } from '../engine-json';
import { withoutDigest } from '../entity-views';
import type { SwarmAction, SwarmChange } from '../timeline-schemas';
import { inSentence, listed } from '../words';
import { specDifference } from './difference';
import type { NodePatch } from './node-form';
import { partOf, textOf, type RawSpec } from './raw-spec';

/** What the timeline says on changes that are made through this dashboard. */

type About = Omit<Attribution, 'by' | 'id' | 'version'>;

function entryOf(
  kind: SwarmAction['kind'],
  text: string,
  about: { serviceId?: string; nodeId?: string },
  bad = false,
): SwarmAction {
  const { serviceId = null, nodeId = null } = about;
  return { kind, text, bad, serviceId, nodeId, taskId: null, time: null };
}

const replicasOf = (spec: RawSpec) => partOf(spec, 'Mode', 'Replicated')['Replicas'];
/** The change of the replicas, if there is one. */
function scaledBy(before: RawSpec, after: RawSpec): Pick<About, 'scaled'> {
  const [from, to] = [String(replicasOf(before)), String(replicasOf(after))];
  return from === to ? {} : { scaled: { from, to } };
}
const imageOf = (spec: RawSpec) => ({
  image: withoutDigest(textOf(partOf(spec, 'TaskTemplate', 'ContainerSpec')['Image']) ?? ''),
});
const REPLICAS = 'Mode.Replicated.Replicas';
const IMAGE = 'TaskTemplate.ContainerSpec.Image';

/** A difference's label within a sentence: `variable TOKEN`, `CPU limit`. */
function inBrackets(label: string): string {
  const short = inSentence(label);
  return /^[A-Z][a-z]+( |$)/.test(short) ? `${short[0]?.toLowerCase()}${short.slice(1)}` : short;
}

/** A new service. */
export function createdEntry(name: string): About {
  return {
    kinds: ['service created'],
    entry: entryOf('service created', `${name} was created`, {}),
  };
}

/** A changed spec of a service. */
export function updatedEntry(name: string, { ID, Spec }: Inspected, after: RawSpec): About {
  const [from, to] = [replicasOf(Spec), replicasOf(after)];
  const differences = specDifference(Spec, after).filter(({ path }) => path !== REPLICAS);
  const isScaled = from !== to;
  if (isScaled && differences.length === 0) {
    const text = `${name} was scaled from ${String(from)} to ${String(to)}`;
    const entry = entryOf('scaled', text, { serviceId: ID });
    return { kinds: ['scaled'], ...scaledBy(Spec, after), entry };
  }
  const image = differences.find(({ path }) => path === IMAGE)?.after;
  const labels = [
    ...new Set(differences.flatMap(({ path, label }) => (path === IMAGE ? [] : inBrackets(label)))),
  ];
  const what = labels.length === 0 ? '' : ` (${listed(labels)})`;
  const text = `${name} was updated${image ? ` to ${image}` : ''}${what}`;
  return {
    kinds: isScaled ? ['updated', 'scaled'] : ['updated'],
    ...scaledBy(Spec, after),
    ...imageOf(after),
    replaces: true,
    entry: entryOf('updated', text, { serviceId: ID }),
  };
}

/** All tasks of a service replaced. */
export function restartedEntry(name: string, { ID, Spec }: Inspected): About {
  const entry = entryOf('updated', `${name} was restarted`, { serviceId: ID });
  return { kinds: ['updated'], ...imageOf(Spec), replaces: true, entry };
}

/** A service's spec before its last change, restored. */
export function rolledBackEntry(name: string, { ID, Spec, PreviousSpec }: Inspected): About {
  const entry = entryOf('rolled back', `${name} was rolled back`, { serviceId: ID }, true);
  const isScaled = PreviousSpec !== null && replicasOf(Spec) !== replicasOf(PreviousSpec);
  const kinds = isScaled ? (['rolled back', 'scaled'] as const) : (['rolled back'] as const);
  // The state `rollback_completed` of the rollback before looks the same.
  const restored = PreviousSpec && { ...scaledBy(Spec, PreviousSpec), ...imageOf(PreviousSpec) };
  return { kinds, mistaken: { kind: 'rolled back', shownAs: 'updated' }, ...restored, entry };
}

/** A removed service. */
export function removedEntry(name: string, { ID }: Inspected): About {
  const entry = entryOf('service removed', `${name} was removed`, { serviceId: ID });
  return { kinds: ['service removed'], entry };
}

const AVAILABILITY = {
  active: { kind: 'activated', text: 'was made active' },
  pause: { kind: 'paused', text: 'was paused' },
  drain: { kind: 'drained', text: 'was drained' },
} as const;
const ROLE = {
  manager: { kind: 'promoted', text: 'became a manager' },
  worker: { kind: 'demoted', text: 'became a worker' },
} as const;

/** A changed availability, role or labels of a node. */
export function nodeEntry(name: string, { ID, Spec }: Inspected, patch: NodePatch): About {
  const changes: { kind: SwarmChange['kind']; text: string }[] = [];
  const { availability, role, labels = {} } = patch;
  if (availability !== undefined && availability !== Spec['Availability']) {
    changes.push(AVAILABILITY[availability]);
  }
  if (role !== undefined && role !== Spec['Role']) changes.push(ROLE[role]);
  const before = partOf(Spec, 'Labels');
  const valueOf = (label: string) => (Object.hasOwn(before, label) ? before[label] : null);
  const names = Object.keys(labels).filter((label) => valueOf(label) !== labels[label]);
  const [first = null] = changes;
  const kinds = changes.map((change) => change.kind);
  // No view shows labels, so the entry of another change has them too.
  const relabelled =
    names.length > 0 ? [`had its labels changed (${listed(names.map(inSentence))})`] : [];
  const text = listed([...(first ? [first.text] : []), ...relabelled]) || 'was updated';
  const entry = entryOf(first?.kind ?? 'node updated', `${name} ${text}`, { nodeId: ID });
  if (!first) return { kinds: relabelled.length > 0 ? ['node updated'] : [], entry };
  return { kinds, ...(relabelled.length > 0 && { replaces: true }), entry };
}

/** A node that was taken out of the swarm. */
export function removedNodeEntry(name: string, { ID }: Inspected): About {
  const text = `${name} was removed from the swarm`;
  return { kinds: ['node left'], entry: entryOf('node left', text, { nodeId: ID }) };
}

/** A join token that was made invalid, and a new one in its place. */
export function rotatedTokenEntry(role: 'worker' | 'manager'): About {
  return { kinds: [], entry: entryOf('token rotated', `The ${role} join token was rotated`, {}) };
}

import {
  factOf,
  satisfiesOne,
  type Constraint,
  type ConstraintKind,
} from '../placement/constraints';
import { groupBy } from '../group-by';
import { naturalOrder } from '../natural';
import type { NodeLoad } from '../placement/placement';
import {
  command,
  cure,
  MOST_GROUPS,
  names,
  ofFilter,
  option,
  verb,
  type Judged,
  type Scene,
} from './placement-phrases';
import { dockerArch } from '../placement/platforms';
import { counted, inSentence, listed } from '../words';

/** `zero1 does not have it`: the nodes that fail a constraint, out of all nodes. */
function whoFails(
  { cluster, task, other }: Scene,
  constraint: Constraint,
  group: readonly { load: NodeLoad }[],
): string {
  const label = constraint.kind === 'node.labels' || constraint.kind === 'engine.labels';
  const noNode = cluster.loads.every(({ node }) => !satisfiesOne(constraint, node));
  const ruledOut = `${verb(group, 'are', 'is')} excluded by it`;
  if (noNode && !task.NodeID) {
    if (!constraint.equal) return `every ${other}node is excluded by it`;
    return label ? `no ${other}node has it` : `no ${other}node meets it`;
  }
  if (!constraint.equal) return `${names(group)} ${ruledOut}`;
  return `${names(group)} ${verb(group, 'do', 'does')} not ${label ? 'have' : 'meet'} it`;
}

const inWords = ({ key, equal, value }: Constraint) =>
  inSentence(`${key}${equal ? '==' : '!='}${value}`);

/** Which constraints which nodes fail, and how the nearest one could meet them. */
export function constraintWords(
  scene: Scene,
  group: readonly Judged[],
  target: Judged | null,
): string {
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
  // A node that meets all of them is the one the service wants.
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
  const options = labels.map(({ equal, label, value }) =>
    equal ? option('--label-add', `${label}=${value}`) : option('--label-rm', label),
  );
  const update = command('docker node update', options, load.ref);
  const remarks = others.map((one) => remark(one, scene)).join('');
  const commands = [
    ...(others.length > 0 ? [inService(scene, others, load)] : []),
    ...(labels.length > 0 ? [update] : []),
  ];
  return `${remarks}${cure(commands.join(' && '), caseNote(labels, load))}`;
}

/** Label names are case-sensitive, their values are not. */
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

/** For facts that should not be changed for one service: a node's role, name, address or processor. */
function inService(scene: Scene, unmet: readonly Constraint[], load: NodeLoad): string {
  const options = unmet.flatMap((one) => {
    const better = sameFact(one, load);
    const added = better === null ? [] : [option('--constraint-add', better)];
    return [option('--constraint-rm', one.written), ...added];
  });
  return command('docker service update', options, scene.serviceRef);
}

/** The constraint under the name that the node itself reports: `aarch64` for `arm64`. */
export function sameFact(constraint: Constraint, { node }: NodeLoad): string | null {
  const { kind, equal, value } = constraint;
  const fact = factOf(constraint, node);
  if (kind !== 'node.platform.arch' || !equal || fact === '') return null;
  const same = dockerArch(fact) === dockerArch(value.toLowerCase());
  return same ? `node.platform.arch==${fact}` : null;
}

const KNOWN_KEYS =
  'node.id, node.hostname, node.ip, node.role, node.platform.os, node.platform.arch, node.labels.… and engine.labels.…';

/** The start of a sentence that lists what the nodes have instead. */
const NAMED_FACTS: Partial<Record<ConstraintKind, string>> = {
  'node.hostname': 'The nodes are called',
  'node.platform.arch': 'The nodes report',
  'node.platform.os': 'The nodes report',
  'node.ip': 'The nodes have the addresses',
};

/** A remark that shows a likely mistake. */
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
  if (kind === 'node.role' && !/^(manager|worker)$/i.test(value)) {
    return '. A role is manager or worker';
  }
  const what = equal && NAMED_FACTS[kind];
  if (what) {
    const facts = cluster.loads.map(({ node }) => factOf(constraint, node)).filter(Boolean);
    const known = [...new Set(facts)].sort(naturalOrder).map(inSentence);
    return known.length > 0 ? `. ${what} ${listed(known)}` : '';
  }
  return '';
}

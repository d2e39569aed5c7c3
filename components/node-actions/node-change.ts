import type { NodePatch } from '@/lib/swarm/spec/node-form';
import { rolePreview, type RolePreview } from '@/lib/swarm/spec/quorum';
import type { NodeView } from '@/lib/swarm/view';
import { inSentence, listed } from '@/lib/swarm/words';

/** How a change of a node is called. */
export interface ChangeWords {
  /** `Drain zero1`, the dialog's title. */
  title: string;
  /** `Drain`, the button. */
  verb: string;
  /** What docker's word for it means; empty where the title says it. */
  meaning: string;
  /** After the engine has accepted it: `zero1 is being drained.` */
  done: string;
  /** In place of that once none of its tasks is left: `zero1 is drained.` Only of a drain. */
  drained?: string;
}

const AVAILABILITY = {
  active: {
    verb: 'Activate',
    meaning: 'An active node takes new tasks.',
    done: (name: string) => `${name} takes new tasks again; running tasks stay where they are.`,
  },
  pause: {
    verb: 'Pause',
    meaning: 'A paused node keeps its tasks and takes no new ones.',
    done: (name: string) => `${name} is paused.`,
  },
  drain: {
    verb: 'Drain',
    meaning: 'Swarm stops the tasks of a drained node and starts them on others.',
    done: (name: string) => `${name} is being drained.`,
  },
} as const;

const ROLE = {
  manager: {
    verb: 'Promote',
    meaning:
      'Managers hold the swarm’s state. More than half of them have to be up to change anything; tasks run without them.',
    done: (name: string) => `${name} becomes a manager.`,
  },
  worker: {
    verb: 'Demote',
    meaning: 'A worker runs tasks and has no part in decisions.',
    done: (name: string) => `${name} becomes a worker.`,
  },
} as const;

/** The words for a change; `name` is the node's, for a sentence. */
export function changeWords(patch: NodePatch, name: string): ChangeWords {
  const { availability, role, labels = {} } = patch;
  const names = Object.keys(labels);
  const [label] = names;
  const parts = Number(availability !== undefined) + Number(role !== undefined) + names.length;
  if (parts !== 1) {
    return {
      title: `Change ${name}`,
      verb: 'Change',
      meaning: '',
      done: `${name} is changed.`,
    };
  }
  if (label !== undefined) return labelWords(label, labels[label] ?? null, name);
  const words = availability === undefined ? role && ROLE[role] : AVAILABILITY[availability];
  const { verb, meaning, done } = words ?? AVAILABILITY.active;
  return {
    title: `${verb} ${name}`,
    verb,
    meaning,
    done: done(name),
    ...(availability === 'drain' && { drained: `${name} is drained.` }),
  };
}

function labelWords(label: string, value: string | null, name: string): ChangeWords {
  const meaning = 'Services choose their nodes by labels.';
  if (value === null) {
    const what = `label ${inSentence(label)}`;
    return {
      title: `Remove ${what} from ${name}`,
      verb: 'Remove label',
      meaning,
      done: `${name} no longer has the ${what}.`,
    };
  }
  const what = `label ${inSentence(`${label}=${value}`)}`;
  return {
    title: `Add ${what} to ${name}`,
    verb: 'Add label',
    meaning,
    done: `${name} has the ${what}.`,
  };
}

const STATE = { active: 'active', pause: 'paused', drain: 'drained', unknown: 'unknown' } as const;

/** Why there is nothing to do: the node is so already; null while something would change, as far as the view shows. */
export function alreadySo(
  { availability, role, labels = {} }: NodePatch,
  node: Pick<NodeView, 'availability' | 'role'>,
  name: string,
): string | null {
  if (Object.keys(labels).length > 0) return null;
  const same = [
    ...(availability === undefined
      ? []
      : [[node.availability === availability, STATE[availability]]]),
    ...(role === undefined ? [] : [[node.role === role, `a ${role}`]]),
  ] as [boolean, string][];
  if (same.length === 0 || same.some(([is]) => !is)) return null;
  return `${name} is ${listed(same.map(([, words]) => words))} already.`;
}

/** The managers that a change of role leaves, from what the page shows; null where the role stays. */
export function managersAfter(
  nodes: readonly NodeView[],
  nodeId: string,
  role: NodePatch['role'],
): RolePreview | null {
  if (role === undefined) return null;
  const counted = nodes.map(({ id, role: present, reachability, leader, state }) => ({
    ID: id,
    Spec: { Role: present },
    ManagerStatus: reachability === null ? null : { Reachability: reachability, Leader: leader },
    Status: { State: state },
  }));
  const names = new Map(nodes.map(({ id, name }) => [id, name]));
  const engineNode = nodes.find(({ here }) => here)?.id ?? null;
  return rolePreview(counted, names, nodeId, role, engineNode);
}

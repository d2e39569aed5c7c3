import type { Constraint } from '../placement/constraints';
import { inSentence } from '../words';
import { edit, type HintAction } from './actions';
import type { Judged, Of, Scene } from './placement-phrases';
import { fittingReservation } from './resource-words';
import { sameFact } from './constraint-words';

/** What lets the nearest node take a waiting task: an action for each filter that it fails. */
export function placementActions(scene: Scene, target: Judged): HintAction[] {
  return target.failures.flatMap((failure): HintAction[] => {
    switch (failure.filter) {
      case 'ready':
        return activate(target, failure);
      case 'resources':
        return lower(failure);
      case 'constraints':
        return meet(target, failure);
      case 'platform':
        return [edit('image')];
      case 'host-port':
        return freePort(scene, failure);
      case 'max-replicas':
        return [
          {
            kind: 'change-service',
            label: `Allow ${failure.limit + 1} tasks per node`,
            patch: { maxPerNode: failure.limit + 1 },
          },
        ];
      default:
        // A plug-in is installed on the node itself.
        return [];
    }
  });
}

function activate({ load }: Judged, { why }: Of<'ready'>): HintAction[] {
  if (why !== 'drain' && why !== 'pause') return [];
  return [
    {
      kind: 'change-node',
      label: `Activate ${inSentence(load.name)}`,
      node: load.node.ID,
      patch: { availability: 'active' },
    },
  ];
}

function lower({ short }: Of<'resources'>): HintAction[] {
  const fitting = fittingReservation(short);
  if (!fitting) return [edit('reservations')];
  const { memory, cpus } = fitting;
  const amounts = [
    ...(memory === undefined ? [] : [`${memory} of memory`]),
    ...(cpus === undefined ? [] : [`${cpus} CPUs`]),
  ];
  return [
    {
      kind: 'change-service',
      label: `Reserve ${amounts.join(' and ')}`,
      patch: { reservations: fitting },
    },
  ];
}

/** A label's name that can be set from here (lib/swarm/spec/fields.ts, `labelName`). */
const LABEL = /^(?!com\.docker\.swarm\.)[^\s=]{1,255}$/u;

function meet({ load }: Judged, { unmet }: Of<'constraints'>): HintAction[] {
  return unmet.map((one): HintAction => {
    const { kind, label, value, equal } = one;
    if (kind !== 'node.labels' || !LABEL.test(label)) return without(one, sameFact(one, load));
    const node = inSentence(load.name);
    return {
      kind: 'change-node',
      label: equal
        ? `Add label ${inSentence(`${label}=${value}`)} to ${node}`
        : `Remove label ${inSentence(label)} from ${node}`,
      node: load.node.ID,
      patch: { labels: { [label]: equal ? value : null } },
    };
  });
}

/** For facts that should not be changed for one service. */
function without({ written }: Constraint, better: string | null): HintAction {
  return {
    kind: 'change-service',
    label:
      better === null
        ? `Remove constraint ${inSentence(written)}`
        : `Require ${inSentence(better)} instead`,
    patch: { constraints: { remove: [written], ...(better !== null && { add: [better] }) } },
  };
}

function freePort({ task }: Scene, { holder }: Of<'host-port'>): HintAction[] {
  const isPredecessor =
    holder.ServiceID === task.ServiceID && task.Slot !== undefined && holder.Slot === task.Slot;
  if (!isPredecessor) return [edit('ports')];
  return [
    {
      kind: 'change-service',
      label: 'Stop the old task first',
      patch: { update: { order: 'stop-first' } },
    },
  ];
}

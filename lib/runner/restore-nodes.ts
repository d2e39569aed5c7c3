import type { EngineNode } from '@/lib/swarm/engine-json';
import type { Availability } from '@/lib/swarm/view';

/**
 * Label on a node that a failure drill has drained; its value is the availability before. Removed at the
 * drill's end. A label without an active drill is left over from a server that was killed, or lost power,
 * during one.
 */
export const DRILL_LABEL = 'clusterhat.drill.was';

/** The part of an engine that is needed to restore nodes. */
export interface NodeAvailability {
  nodes(): Promise<readonly Pick<EngineNode, 'ID' | 'Spec' | 'Description'>[]>;
  setAvailability(
    node: string,
    availability: Availability,
    options: { onlyFrom: Availability; labels: Record<string, string | null> },
  ): Promise<{ to: Availability }>;
}

/**
 * Restores the nodes that a drill left drained, except those in an active drill (`drilled`). A node whose
 * availability was changed since keeps that. Returns a sentence for each. Rejects with `EngineError`.
 */
export async function restoreDrainedNodes(
  engine: NodeAvailability,
  drilled: (nodeId: string) => boolean = () => false,
): Promise<string[]> {
  const messages: string[] = [];
  for (const { ID, Spec, Description } of await engine.nodes()) {
    const was = Spec.Labels[DRILL_LABEL];
    if (was === undefined || drilled(ID)) continue;
    const { to } = await engine.setAvailability(ID, was === 'pause' ? 'pause' : 'active', {
      onlyFrom: 'drain',
      labels: { [DRILL_LABEL]: null },
    });
    const name = Description?.Hostname || ID;
    messages.push(
      `${name} was left drained by an interrupted failure drill; its availability is ${to} now.`,
    );
  }
  return messages;
}

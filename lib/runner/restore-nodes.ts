import { DRILL_LABEL, drillRestores } from '@/lib/swarm/drill-label';
import type { EngineNode } from '@/lib/swarm/engine-json';
import type { Availability } from '@/lib/swarm/view';

/** The part of an engine that is needed to restore nodes. */
export interface NodeAvailability {
  nodes(): Promise<readonly Pick<EngineNode, 'ID' | 'Spec' | 'Description'>[]>;
  setAvailability(
    node: string,
    availability: Availability,
    options: {
      onlyFrom: Availability;
      onlyLabelled: string;
      labels: Record<string, string | null>;
    },
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
    const was = drillRestores(Spec.Labels);
    if (was === null || drilled(ID)) continue;
    const { to } = await engine.setAvailability(ID, was, {
      onlyFrom: 'drain',
      onlyLabelled: DRILL_LABEL,
      labels: { [DRILL_LABEL]: null },
    });
    const name = Description?.Hostname || ID;
    messages.push(
      `${name} was left drained by an interrupted failure drill; its availability is ${to} now.`,
    );
  }
  return messages;
}

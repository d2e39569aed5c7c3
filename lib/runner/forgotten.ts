import type { EngineNode } from '@/lib/swarm/engine-json';
import type { NodeView } from '@/lib/swarm/view';

/**
 * The label by which a node that a failure drill has drained remembers what it was before. It comes
 * and goes with the drill; one that is found when no drill goes is of a server that was killed, or
 * whose power was cut, in the middle of one.
 */
export const DRILL_LABEL = 'clusterhat.drill.was';

type Availability = NodeView['availability'];

/** What of an engine the bringing back needs. */
export interface NodeKeeper {
  nodes(): Promise<readonly Pick<EngineNode, 'ID' | 'Spec' | 'Description'>[]>;
  setAvailability(
    node: string,
    availability: Availability,
    options: { onlyFrom: Availability; labels: Record<string, string | null> },
  ): Promise<{ to: Availability }>;
}

/**
 * Brings back the nodes that a drill left drained, but for those that are `drilled` just now; a
 * person who has changed one meanwhile has the last word. Gives a sentence on each. Rejects with
 * `EngineError`.
 */
export async function bringBackForgotten(
  engine: NodeKeeper,
  drilled: (nodeId: string) => boolean = () => false,
): Promise<string[]> {
  const said: string[] = [];
  for (const { ID, Spec, Description } of await engine.nodes()) {
    const was = Spec.Labels[DRILL_LABEL];
    if (was === undefined || drilled(ID)) continue;
    const { to } = await engine.setAvailability(ID, was === 'pause' ? 'pause' : 'active', {
      onlyFrom: 'drain',
      labels: { [DRILL_LABEL]: null },
    });
    const name = Description?.Hostname ?? ID;
    said.push(
      `${name} was left drained by a failure drill that was cut off; its availability is ${to} now.`,
    );
  }
  return said;
}

/**
 * Label on a node that a failure drill has drained; its value is the availability before. Removed at the drill's end,
 * and by a change of the availability through the dashboard, which ends what the drill would restore. A label without an
 * active drill is left over from a server that was killed, or lost power, during one.
 */
export const DRILL_LABEL = 'clusterhat.drill.was';

/** What a failure drill will make of a node with these labels; null if none has drained it. */
export function drillRestores(
  labels: Readonly<Record<string, unknown>>,
): 'active' | 'pause' | null {
  if (!Object.hasOwn(labels, DRILL_LABEL)) return null;
  return labels[DRILL_LABEL] === 'pause' ? 'pause' : 'active';
}

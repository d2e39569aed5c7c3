/** What was typed as a number of replicas, or why it is none. */
export function readReplicas(text: string, max: number): { replicas: number } | { why: string } {
  const trimmed = text.trim();
  const replicas = Number(trimmed);
  return /^\d+$/.test(trimmed) && replicas <= max
    ? { replicas }
    : { why: `A whole number from 0 to ${max}, please.` };
}

/**
 * Runs `work` as a user who may do nothing in particular: root, as in a container, may open
 * everything. Under any other user it simply runs.
 */
export async function asNobody<T>(work: () => T | Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

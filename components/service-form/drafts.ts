/**
 * What was typed into forms that were closed, until the page is reloaded: closing a form loses nothing. By `create`, or the
 * id of a service.
 */
const drafts = new Map<string, unknown>();

export function readDraft<T>(of: string): T | undefined {
  return drafts.get(of) as T | undefined;
}

export function keepDraft(of: string, draft: unknown): void {
  drafts.set(of, draft);
}

export function dropDraft(of: string): void {
  drafts.delete(of);
}

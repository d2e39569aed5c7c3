import type { LiveMessage } from '@/lib/api';
import { parseJson } from './read-json';

type Kind = LiveMessage['kind'];

/** Maximum messages that are kept: a page that becomes visible applies them one by one. */
const MAX_MESSAGES = 50;

/** The messages of a connection that a new page needs, unparsed. */
export interface StreamCopy {
  add(text: string, kind: Kind): void;
  /** The messages; null when there were too many to keep: a new connection starts with everything. */
  messages(): string[] | null;
  /** Whether the last run that was sent is active. */
  hasActiveRun(): boolean;
  clear(): void;
}

/** Messages that one of a kind makes obsolete. */
const REPLACED: Partial<Record<Kind, readonly Kind[]>> = {
  view: ['view', 'patch'],
  status: ['status'],
};

export function createStreamCopy(): StreamCopy {
  let kept: { kind: Kind; text: string; at: number }[] | null = [];
  let lastRun: string | null = null;
  return {
    add(text, kind) {
      if (kind === 'hello') {
        kept = [];
        lastRun = null;
      }
      if (kind === 'run') lastRun = text;
      const replaced = REPLACED[kind];
      if (replaced) kept = kept?.filter((one) => !replaced.includes(one.kind)) ?? null;
      kept?.push({ kind, text, at: Date.now() });
      if (kept && kept.length > MAX_MESSAGES) kept = null;
    },
    messages: () =>
      kept?.map(({ kind, text, at }) =>
        kind === 'status' ? movedOn(text, Date.now() - at) : text,
      ) ?? null,
    hasActiveRun() {
      const message = parseJson(lastRun ?? '') as Extract<LiveMessage, { kind: 'run' }> | undefined;
      return message?.run?.state === 'running';
    },
    clear() {
      kept = [];
      lastRun = null;
    },
  };
}

/** A status as the server would send it `ms` later: with its clock. */
function movedOn(text: string, ms: number): string {
  const message = parseJson(text) as Extract<LiveMessage, { kind: 'status' }> | undefined;
  if (!message?.status) return text;
  const { status } = message;
  return JSON.stringify({ ...message, status: { ...status, now: status.now + ms } });
}

import { randomBytes } from 'node:crypto';
import { engineProblemFor } from '../engine';
import { encodeMessage, type Source } from '../live';
import type { LogMessage } from '../swarm/logs/messages';
import type { FollowedLog } from './followed-log';

/** Bytes of the entries of one message: a slow connection holds two or three of them. */
const MESSAGE = 32_768;

const MESSAGE_END = Buffer.from(']}\n\n');

/** The names of logs in event ids, so that an id of another log, or of the server before, is not taken for one of this. */
const names = new WeakMap<FollowedLog, string>();

function nameOf(log: FollowedLog): string {
  const name = names.get(log) ?? randomBytes(6).toString('hex');
  names.set(log, name);
  return name;
}

/** The number of the first entry that a client that reconnects has not received; null: it starts anew. */
function resumedAt(log: FollowedLog, lastEventId: string | null): number | null {
  const [, name, number] = /^([0-9a-f]{12})-(\d{1,15})$/.exec(lastEventId ?? '') ?? [];
  const next = Number(number);
  return name === nameOf(log) && next <= log.buffer.next ? next : null;
}

/** The number of the first entry for a viewer who opens the log now: it can have been opened for an earlier time. */
export function beginOf({ buffer }: FollowedLog, since: string | null): number {
  return since === null ? buffer.first : buffer.firstSince(since);
}

/** Sends one stream the log as events: its state, and what is held of it since a time, then what is new. */
export function logSource(
  log: FollowedLog,
  lastEventId: string | null,
  since: string | null = null,
): Source {
  const resumed = resumedAt(log, lastEventId);
  let next = resumed ?? beginOf(log, since);
  let reset = resumed === null;
  let sentState = '';
  return {
    subscribe: (notify) => log.subscribe(notify),
    take() {
      const state = stateMessage(log);
      if (state !== sentState) {
        sentState = state;
        return encodeMessage('state', state);
      }
      if (!reset && next === log.buffer.next) return null;
      const { pieces, next: after, skipped } = log.buffer.read(next, MESSAGE);
      next = after;
      const head = `event: entries\nid: ${nameOf(log)}-${next}\ndata: {"kind":"entries","reset":${reset},"skipped":${skipped},"entries":[`;
      reset = false;
      return messageOf(head, pieces);
    },
  };
}

/** A message on the wire, as `encodeMessage` makes it, of entries that are encoded already. */
function messageOf(head: string, [first, ...rest]: readonly Uint8Array[]): Uint8Array {
  // Without the comma before the first entry.
  const entries = first ? [first.subarray(1), ...rest] : rest;
  return Buffer.concat([Buffer.from(head), ...entries, MESSAGE_END]);
}

function stateMessage({ status: { state, error, missing } }: FollowedLog): string {
  let problem = null;
  if (error) {
    // Only operators read logs.
    const { detail, next } = engineProblemFor(error, 'private');
    problem = { detail, ...(next === undefined ? {} : { next }) };
  }
  return JSON.stringify({ kind: 'state', state, problem, missing } satisfies Omit<
    LogMessage & { kind: 'state' },
    'missing'
  > & { missing: readonly unknown[] });
}

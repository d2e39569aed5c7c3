import type { Run, SingleResponse } from '@/lib/curl/run';
import { ERROR_WORDS } from '../words';
import { grouped } from '../../ui/words';

const UNREADABLE = {
  'headers too long': 'The response cannot be read: its headers are longer than 8,192 bytes.',
  'not HTTP': 'The response cannot be read: it is not HTTP.',
} as const;

/** Why there is no response to show; null when there is one. */
export function missingResponseWords({
  statusLine,
  unreadable,
  error,
}: Pick<SingleResponse, 'statusLine' | 'unreadable' | 'error'>): string | null {
  if (statusLine !== null) return null;
  if (unreadable) return UNREADABLE[unreadable];
  return error === null ? 'No response' : ERROR_WORDS[error];
}

/** What the body does not show as it is; one sentence each. */
export function bodyNotes(
  { binary, truncated, bodyBytes, error }: SingleResponse,
  method: Run['request']['method'],
): string[] {
  const bytes = `${grouped(bodyBytes)} ${bodyBytes === 1 ? 'byte' : 'bytes'}`;
  const broken = error === 'read timeout' || error === 'reset' || error === 'closed';
  return [
    method === 'HEAD' && 'A response to HEAD has no body.',
    binary && 'Not text: its bytes are shown as \\x00.',
    truncated && broken && `Incomplete: the response broke off after ${bytes} of its body.`,
    truncated && !broken && `Cut: only the beginning of the body is shown (${bytes} were read).`,
    bodyBytes === 0 && !truncated && method !== 'HEAD' && 'The body is empty.',
  ].filter((note) => note !== false);
}

/** One stretch of the time that a request took. */
export interface TimePart {
  readonly name: 'Connect' | 'Wait' | 'Receive';
  readonly ms: number;
}

/** The request's time in consecutive parts, as far as they were measured. */
export function timeParts({
  connectMs,
  firstByteMs,
  totalMs,
}: Pick<SingleResponse, 'connectMs' | 'firstByteMs' | 'totalMs'>): TimePart[] {
  const ends = [
    ['Connect', connectMs ?? (firstByteMs === null ? totalMs : 0)],
    ['Wait', firstByteMs ?? totalMs],
    ['Receive', totalMs],
  ] as const;
  let from = 0;
  const parts: TimePart[] = [];
  for (const [name, end] of ends) {
    if (end > from) parts.push({ name, ms: end - from });
    from = Math.max(from, end);
  }
  return parts;
}

import { bodyText, headerList, statusLine } from '@/lib/curl/response-text';
import type { Answer, SingleResponse } from '@/lib/curl/run';
import type { RequestOutcome } from './send-request';

/** Where a single request was sent. */
export interface SentTo {
  readonly entryNode: string;
  /** `172.19.181.1:8888` */
  readonly address: string;
}

/** The response to a single request as it is kept and shown; null if the request did not keep it. */
export function singleResponse(
  { received, sentAt, endedAt }: RequestOutcome,
  { connectMs, firstByteMs, error }: Pick<Answer, 'connectMs' | 'firstByteMs' | 'error'>,
  sentTo: SentTo,
): SingleResponse | null {
  if (!received) return null;
  const { head, bytes, complete, unreadable } = received;
  const { text, binary, truncated } = bodyText(bytes, head !== null && !complete);
  return {
    statusLine:
      head && statusLine(head.httpVersion, head.statusCode ?? 0, head.statusMessage ?? ''),
    ...headerList(head?.rawHeaders ?? []),
    body: text,
    bodyBytes: bytes.length,
    binary,
    truncated,
    unreadable,
    ...sentTo,
    connectMs,
    firstByteMs,
    totalMs: Math.round((endedAt - sentAt) * 100) / 100,
    error,
  };
}

'use client';

import { useEffect, useRef, useState } from 'react';
import { callApi, type ShownProblem } from '@/lib/client/request';

/** A change as the API takes it. With `?dry-run` it is only shown. */
export interface ChangeRequest {
  method: 'POST' | 'PATCH' | 'DELETE';
  path: `api/${string}`;
  body?: unknown;
  /** Whether the dry run shows values that are hidden by default. */
  secrets?: boolean;
}

export interface DryRun<T> {
  /** The latest answer, also while a newer one is on its way; null before the first, and after a refusal. */
  answer: T | null;
  /** What it is about, for `If-Match` of the change. */
  etag: string | null;
  /** Why there is no answer. */
  problem: ShownProblem | null;
  /** Whether the answer is to an earlier request or view. */
  stale: boolean;
  repeat: () => void;
}

/** Shortest time between two dry runs (ms). */
const PAUSE_MS = 500;

/**
 * What a change would do, asked of the server and asked again when the request or `version` changes. `version`: a text
 * of what the answer depends on, such as where tasks run. Without a request nothing is asked.
 */
export function useDryRun<T>(request: ChangeRequest | null, version = ''): DryRun<T> {
  const [state, setState] = useState<Omit<DryRun<T>, 'stale' | 'repeat'> & { key: string | null }>({
    answer: null,
    etag: null,
    problem: null,
    key: null,
  });
  const [repeated, setRepeated] = useState(0);
  const key = request && JSON.stringify([request, version, repeated]);
  const latest = useRef(request);
  const sentAt = useRef(0);
  useEffect(() => {
    latest.current = request;
  });
  useEffect(() => {
    if (key === null) return undefined;
    let obsolete = false;
    const timer = setTimeout(
      () => {
        sentAt.current = Date.now();
        if (latest.current) void ask(latest.current);
      },
      Math.max(0, sentAt.current + PAUSE_MS - Date.now()),
    );
    async function ask({ method, path, body, secrets }: ChangeRequest) {
      const query = secrets ? 'dry-run&secrets' : 'dry-run';
      const result = await callApi<T>(method, `${path}?${query}`, body);
      if (obsolete) return;
      setState(
        result.ok
          ? { answer: result.data, etag: result.etag ?? null, problem: null, key }
          : { answer: null, etag: null, problem: result.problem, key },
      );
    }
    return () => {
      obsolete = true;
      clearTimeout(timer);
    };
  }, [key]);
  const { key: answered, ...rest } = state;
  return { ...rest, stale: answered !== key, repeat: () => setRepeated((count) => count + 1) };
}

export interface Sending {
  sending: boolean;
  /** Why the last attempt was refused. */
  problem: ShownProblem | null;
  /** Sends the change once; while it is on its way nothing more is sent. `etag`: what it was decided on. */
  send: (request: ChangeRequest, etag?: string | null) => void;
}

/** Sends a change. `onDone` receives the server's answer. */
export function useSend<R>(onDone: (result: R) => void): Sending {
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState<ShownProblem | null>(null);
  const busy = useRef(false);
  const done = useRef(onDone);
  useEffect(() => {
    done.current = onDone;
  });
  const send = async ({ method, path, body }: ChangeRequest, etag?: string | null) => {
    if (busy.current) return;
    busy.current = true;
    setSending(true);
    setProblem(null);
    const result = await callApi<R>(method, path, body, etag ? { 'if-match': etag } : {});
    busy.current = false;
    setSending(false);
    if (result.ok) done.current(result.data);
    else setProblem(result.problem);
  };
  return { sending, problem, send: (request, etag) => void send(request, etag) };
}

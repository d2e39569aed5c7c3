import { EngineError, type Engine } from '../engine';
import { isRefusal } from '../engine/errors';

/** Timeout of a ping, and the pause after one that failed (ms). */
const PING_MS = 800;
const PING_PAUSE_MS = 250;
/** Timeout of a small request to the swarm, and the pause after one (ms). */
const REQUEST_MS = 1000;

/** What showed that the engine has recovered. */
export type Recovery = 'ping' | 'request';

/** The error of an engine that does not respond. */
export function noResponse(): EngineError {
  return new EngineError(
    'engine-timeout',
    'The Docker engine does not answer.',
    'It may be busy; if this lasts, look at its log: `journalctl -u docker`.',
  );
}

/**
 * Waits until an engine on which a read is stalled has recovered, or `done` aborts (null). The read itself is
 * left pending, as its late error (no leader, after 20 s) is the reason to be shown, and repeating it would
 * pile up calls. The engine has recovered when a ping succeeds after one that failed, or, where
 * `requestCounts`, a small request after one that failed; the pending read will then never be answered.
 */
export async function waitForRecovery(
  engine: Engine,
  done: AbortSignal,
  requestCounts: boolean,
): Promise<Recovery | null> {
  let pingFailed = false;
  let requestFailed = false;
  while (!done.aborted) {
    const pings = await engine.ping(PING_MS);
    const responds = pings && !pingFailed && (await respondsToRequest(engine, done));
    if (done.aborted) return null;
    if (pingFailed && pings) return 'ping';
    if (!pingFailed && requestFailed && responds && requestCounts) return 'request';
    pingFailed ||= !pings;
    requestFailed ||= pings && !responds;
    await new Promise((resolve) => setTimeout(resolve, pings ? REQUEST_MS : PING_PAUSE_MS));
  }
  return null;
}

/** Whether the swarm's part of the engine responds at all. */
async function respondsToRequest(engine: Engine, done: AbortSignal): Promise<boolean> {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), REQUEST_MS);
  const signal = AbortSignal.any([done, timeout.signal]);
  try {
    return (
      (await isAnswered(() => engine.nodes(signal))) ??
      (await isAnswered(() => engine.services(signal))) ??
      (await isAnswered(() => engine.tasks(signal))) ??
      false
    );
  } finally {
    clearTimeout(timer);
  }
}

/** Whether a request succeeds; null if a proxy refuses it, which says nothing about the engine. */
async function isAnswered(request: () => Promise<unknown>): Promise<boolean | null> {
  try {
    await request();
    return true;
  } catch (error) {
    return isRefusal(error) ? null : false;
  }
}

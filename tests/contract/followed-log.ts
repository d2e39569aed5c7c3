import { setTimeout as later } from 'node:timers/promises';
import { dockerEngine } from '@/lib/engine/docker-engine';
import { Feed } from '@/lib/live/feed';
import { FollowedLog } from '@/lib/logs/followed-log';
import { entriesOf } from '@/lib/logs/log-buffer';
import type { LogStreamEntry } from '@/lib/swarm/logs/messages';

/** A service's log as the dashboard follows it, on any engine. */
export async function followService(socketPath: string, service: string) {
  const engine = dockerEngine({ kind: 'unix', socketPath });
  const feed = new Feed(engine, { hat: [], echoService: 'goweb' });
  const leave = feed.subscribe(() => {});
  const id = (await engine.services()).find(({ Spec }) => Spec.Name === service)?.ID ?? '';
  while (feed.status().state !== 'live') await later(20);
  const log = new FollowedLog(
    engine,
    feed,
    { kind: 'service', id },
    { tail: 50, since: null, duration: null },
  );
  const seen: LogStreamEntry[] = [];
  let next = 0;
  const unsubscribe = log.subscribe(() => {
    const part = log.buffer.read(next, 1e9);
    next = part.next;
    seen.push(...entriesOf(part));
  });
  return {
    log,
    feed,
    /** Every entry so far, none of them twice by its number. */
    seen,
    close() {
      unsubscribe();
      log.close();
      leave();
    },
  };
}

'use client';

import { useEffect, useState } from 'react';
import { useUpgraded } from '@/lib/client/hooks';

/** The cursor and the controls are shown for this long after the last movement or key (ms). */
const AWAKE_MS = 3000;

/** Whether the pointer, the screen or a key was used within `AWAKE_MS`; true at first. */
export function useAwake(): boolean {
  const [awake, setAwake] = useState(true);
  useEffect(() => {
    let timer = setTimeout(() => setAwake(false), AWAKE_MS);
    let last = '';
    const wake = (event: Event) => {
      if (event instanceof PointerEvent) {
        // Browsers also send a movement when the page changes under a pointer that rests.
        const place = `${event.screenX} ${event.screenY}`;
        if (event.type === 'pointermove' && place === last) return;
        last = place;
      }
      clearTimeout(timer);
      timer = setTimeout(() => setAwake(false), AWAKE_MS);
      setAwake(true);
    };
    const kinds = ['pointermove', 'pointerdown', 'keydown'] as const;
    for (const kind of kinds) addEventListener(kind, wake);
    return () => {
      clearTimeout(timer);
      for (const kind of kinds) removeEventListener(kind, wake);
    };
  }, []);
  return awake;
}

/**
 * Keeps the screen on while the page is visible. Browsers have this in secure contexts only (https, loopback),
 * and may refuse it to save power: then the screen goes off as it always does.
 */
export function useScreenOn() {
  useEffect(() => {
    if (!('wakeLock' in navigator)) return undefined;
    let gone = false;
    let lock: WakeLockSentinel | undefined;
    // A hidden page loses its lock.
    const request = async () => {
      if (document.hidden) return;
      try {
        const next = await navigator.wakeLock.request('screen');
        if (gone) await next.release();
        else lock = next;
      } catch {
        // Refused.
      }
    };
    const onVisible = () => void request();
    onVisible();
    document.addEventListener('visibilitychange', onVisible);
    return () => {
      gone = true;
      document.removeEventListener('visibilitychange', onVisible);
      lock?.release().catch(() => {});
    };
  }, []);
}

/** A page is reloaded when it is at least this old (ms): a proxy that mixes two builds must not make it flicker. */
const MIN_AGE_MS = 10_000;
/** Pause before the request is retried (ms). */
const RETRY_MS = 2000;

/** Reloads the page once the server is of another build, as soon as it delivers the page. */
export function useReloadAfterUpgrade() {
  const upgraded = useUpgraded();
  useEffect(() => {
    if (!upgraded) return undefined;
    let timer: ReturnType<typeof setTimeout>;
    const reload = async () => {
      const ok = await fetch(location.href, { cache: 'no-store' }).then(
        (response) => response.ok,
        () => false,
      );
      // The browser's error page would not reload itself.
      if (ok) location.reload();
      else timer = setTimeout(() => void reload(), RETRY_MS);
    };
    timer = setTimeout(() => void reload(), Math.max(0, MIN_AGE_MS - performance.now()));
    return () => clearTimeout(timer);
  }, [upgraded]);
}

import type { ScopedMutator } from 'swr';
import { KEYS, type ConnectionState } from './cache';

/** Wait before the code is asked for again, and how long without it counts as silence, in ms. */
const RETRY = 1000;
const SILENCE = 5000;

/**
 * Loads the subscription's code beside the page (it brings zod) and starts it. Until that has
 * succeeded the picture is the one that the HTML brought, and must not be taken for live for long.
 */
export function startLive(mutate: ScopedMutator): () => void {
  let stop: (() => void) | undefined;
  let gone = false;
  let retry: ReturnType<typeof setTimeout> | undefined;
  const say = (link: ConnectionState) => void mutate(KEYS.link, link, { revalidate: false });
  const silent = setTimeout(() => say('silent'), SILENCE);
  const start = () => {
    import('./subscribe').then(
      ({ subscribeLive }) => {
        clearTimeout(silent);
        // Hides the note of late scripts (dashboard.css): from here on the page shows its own errors.
        document.documentElement.dataset['scripts'] = '';
        if (!gone) stop = subscribeLive(mutate);
      },
      () => {
        if (!gone) retry = setTimeout(start, RETRY);
      },
    );
  };
  start();
  return () => {
    gone = true;
    clearTimeout(silent);
    clearTimeout(retry);
    stop?.();
  };
}

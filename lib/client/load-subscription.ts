import { liveCache } from './cache';

/** Pause before the code is requested again, and the time after which the server counts as silent (ms). */
const RETRY = 1000;
const SILENCE = 5000;

/**
 * Loads the subscription's code after the page and starts it. Until then the view is the one in the HTML, which
 * must not be shown as live for long.
 */
export function startLive(): () => void {
  let unsubscribe: (() => void) | undefined;
  let stopped = false;
  let retry: ReturnType<typeof setTimeout> | undefined;
  const silence = setTimeout(() => liveCache.update('link', () => 'silent'), SILENCE);
  const load = () => {
    import('./subscribe').then(
      ({ subscribeLive }) => {
        clearTimeout(silence);
        // Hides the note on late scripts (dashboard.css): from here on the page shows its own errors.
        document.documentElement.dataset['scripts'] = '';
        if (!stopped) unsubscribe = subscribeLive(liveCache);
      },
      () => {
        if (!stopped) retry = setTimeout(load, RETRY);
      },
    );
  };
  load();
  return () => {
    stopped = true;
    clearTimeout(silence);
    clearTimeout(retry);
    unsubscribe?.();
  };
}

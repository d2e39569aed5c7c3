import { liveCache } from '@/lib/client/cache';
import type { SwarmView } from '@/lib/swarm/view';

/** What a request will make of its service or node, a sentence; null once the view shows it. */
export type RequestedWords = (view: SwarmView) => string | null;

/** How long the view may show something else (ms): another change can have overtaken the request. */
const OVERTAKEN_MS = 5000;

const requests = new Map<string, { words: RequestedWords; timer: ReturnType<typeof setTimeout> }>();

/** Notes what the engine has accepted for a service or node, by its id, until the view shows it. */
export function reportRequested(id: string, words: RequestedWords): void {
  end(id);
  const timer = setTimeout(() => {
    end(id);
    publish();
  }, OVERTAKEN_MS);
  requests.set(id, { words, timer });
  publish();
}

function end(id: string): void {
  clearTimeout(requests.get(id)?.timer);
  requests.delete(id);
}

function publish(): void {
  const view = liveCache.get('view');
  const texts: Record<string, string> = {};
  for (const [id, { words }] of requests) {
    const text = view ? words(view) : null;
    if (text === null) end(id);
    else texts[id] = text;
  }
  liveCache.update('requested', () => texts);
}

liveCache.subscribe('view', () => {
  if (requests.size > 0) publish();
});

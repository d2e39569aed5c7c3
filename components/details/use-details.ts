import { useEffect, useRef, useState } from 'react';
import { callApi, type ShownProblem } from '@/lib/client/request';

/** What the server knows in addition to the view. */
export interface Loaded<T> {
  readonly data: T | null;
  readonly problem: ShownProblem | null;
}

type Path = `api/${string}`;

/** What is shown now; `version` is what it was read for. */
interface Wanted {
  readonly path: Path | null;
  readonly version: unknown;
}

const NOTHING: Loaded<never> = { data: null, problem: null };

/**
 * Fetches the details at `path` (null: none), and again when `version` changes: one request at a time, the last one
 * after the last change.
 */
export function useDetails<T>(path: Path | null, version: unknown): Loaded<T> {
  const [loaded, setLoaded] = useState<Loaded<T> & { path: Path | null }>({ ...NOTHING, path });
  const wanted = useRef<Wanted | null>(null);
  const busy = useRef(false);
  useEffect(() => {
    wanted.current = { path, version };
    const fetchWanted = async () => {
      busy.current = true;
      for (let done: Wanted | null = null; wanted.current && done !== wanted.current;) {
        done = wanted.current;
        const requested = done.path;
        if (requested === null) continue;
        const result = await callApi<T>('GET', requested);
        setLoaded((before) => ({
          path: requested,
          // What is known stays when it cannot be read again.
          data: result.ok ? result.data : before.path === requested ? before.data : null,
          problem: result.ok ? null : result.problem,
        }));
      }
      busy.current = false;
    };
    if (!busy.current) void fetchWanted();
  }, [path, version]);
  useEffect(
    () => () => {
      wanted.current = null;
    },
    [],
  );
  return loaded.path === path ? loaded : NOTHING;
}

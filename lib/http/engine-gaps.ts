import { isRefusal } from '../engine';
import { getEngine, getFeed } from '../live';
import type { EngineVersion } from '../swarm/engine-json';
import { engineGaps, needsVersion } from '../swarm/spec/engine-gaps';
import { rejection } from './problem';

/** Throws a rejection for what a form needs and the engine does not have. Nothing has been sent then. */
export async function refuseGaps(form: Parameters<typeof engineGaps>[0]): Promise<void> {
  if (!needsVersion(form)) return;
  const errors = engineGaps(form, await currentVersion());
  if (errors.length === 0) return;
  const detail = errors.map(({ message }) => message).join(' ');
  throw rejection({ kind: 'engine-refused', detail, errors });
}

/** Asked each time, as an engine can be upgraded; the version that is shown where a proxy refuses it. */
async function currentVersion(): Promise<EngineVersion | null> {
  try {
    return await getEngine().version();
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const shown = getFeed().current().view?.engine;
    return shown ? { Version: shown.version, ApiVersion: shown.apiVersion } : null;
  }
}

import { getEngine } from '../live';
import { engineGaps, needsVersion } from '../swarm/spec/engine-gaps';
import { rejection } from './problem';

/** Throws a rejection for what a form needs and the engine does not have. Nothing has been sent then. */
export async function refuseGaps(form: Parameters<typeof engineGaps>[0]): Promise<void> {
  if (!needsVersion(form)) return;
  // Asked each time: an engine can be upgraded. A proxy may refuse the version.
  const version = await getEngine()
    .version()
    .catch(() => null);
  const errors = engineGaps(form, version);
  if (errors.length === 0) return;
  const detail = errors.map(({ message }) => message).join(' ');
  throw rejection({ kind: 'engine-refused', detail, errors });
}

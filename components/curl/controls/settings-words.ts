import { isPath } from '@/lib/curl/path';
import { planOf } from '@/lib/curl/plan';
import type { SwarmView } from '@/lib/swarm/view';
import { DEFAULT_SETTINGS, type RunSettings } from './run-settings';

/** Returns why a path is invalid, as a sentence; null if it is valid. */
export function pathProblem(path: string): string | null {
  if (!path.startsWith('/')) return 'A path starts with /.';
  if (path.startsWith('//')) return 'A path starts with one /, not two.';
  if (path.includes(' ')) return 'A path has no spaces. Write %20 instead.';
  if (path.length > 200) return `A path has at most 200 characters; this one has ${path.length}.`;
  return isPath(path) ? null : 'A path has only visible ASCII characters, and no #.';
}

/** Warns that the maximum number of requests ends a run before its duration; '' if it does not. */
export function limitWords(settings: RunSettings): string {
  const { mode, rate, seconds } = settings;
  const { planned } = planOf(settings);
  if (mode !== 'steady' || planned === rate * seconds) return '';
  const most = planned.toLocaleString('en');
  return `Ends after ${Math.round(planned / rate)} s: a run has at most ${most} requests.`;
}

/** Lists those settings behind "More" that differ from the defaults; '' if none does. */
export function changedWords(settings: RunSettings): string {
  const { path, connection, method, inFlight, timeout, keepGoing } = settings;
  return [
    path !== DEFAULT_SETTINGS.path && path,
    connection !== DEFAULT_SETTINGS.connection && 'keep alive',
    method !== DEFAULT_SETTINGS.method && method,
    inFlight !== DEFAULT_SETTINGS.inFlight && `${inFlight} in flight`,
    timeout !== DEFAULT_SETTINGS.timeout && `timeout ${timeout} s`,
    keepGoing && 'continues despite failures',
  ]
    .filter((part) => part !== false)
    .join(', ');
}

/** Why no run can start in this swarm; null if one can. */
export function missingWords(
  { refused }: Pick<SwarmView, 'refused'>,
  target: object | null,
  entry: object | null,
): string | null {
  if (!target && refused.reads.includes('SERVICES')) {
    return 'No published port is known: the proxy in front of the engine has to allow SERVICES.';
  }
  if (!target) {
    return 'No published port: publish one on the echo service, or add the label clusterhat.curl=true to another service.';
  }
  return entry ? null : 'No entry node: no node is ready and has an address.';
}

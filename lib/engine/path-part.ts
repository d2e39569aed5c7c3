import { EngineError } from './errors';

/**
 * A name or id as a segment of the engine's path. What no service, node or container can be called is rejected
 * as not found and not sent, as it could be another path.
 */
export function pathPart(what: string, name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(name)) return name;
  throw new EngineError('not-found', `${what} ${name} not found`);
}

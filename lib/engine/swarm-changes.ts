import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod/mini';
import { inspectedReading, type Inspected } from '../swarm/engine-json';
import type { RawSpec } from '../swarm/spec/raw-spec';
import type { ChangedSpec, ChangeOptions, JoinRole } from './engine';
import type { EngineCalls } from './engine-call';
import { EngineError, isEngineError } from './errors';
import { namingSwitches } from './refused-change';
import type { SpecUpdates } from './spec-updates';

/** Attempts of a rotation that conflicts with another change of the swarm. */
const ROTATIONS = 5;

/** See `Engine.rollbackService`. The engine wants a valid spec as the body, and ignores it. */
export function rollback(
  specs: SpecUpdates,
  name: string,
  options: ChangeOptions,
): Promise<ChangedSpec> {
  let first: Inspected | null = null;
  const change = (spec: RawSpec, now: Inspected) => {
    if (now.PreviousSpec === null) {
      throw new EngineError(
        'no-previous-spec',
        'This service was never changed, so there is no spec to roll back to.',
      );
    }
    first ??= now;
    const same =
      isDeepStrictEqual(first.Spec, now.Spec) &&
      isDeepStrictEqual(first.PreviousSpec, now.PreviousSpec);
    if (same) return spec;
    throw new EngineError(
      'conflict',
      'Nothing was rolled back: somebody else changed the service at the same moment, and the rollback would undo that.',
      'See what it would restore now, and try again.',
    );
  };
  return specs.change('service', name, change, { ...options, query: '&rollback=previous' });
}

/** See `Engine.rotateJoinToken`. */
export async function rotateToken(raw: EngineCalls['raw'], role: JoinRole): Promise<void> {
  const flag = role === 'worker' ? 'rotateWorkerToken' : 'rotateManagerToken';
  for (let attempt = 1; ; attempt++) {
    const { Version, Spec } = await namingSwitches('rotate', 'write', () =>
      raw(inspectedReading, { path: '/swarm' }),
    );
    try {
      const path = `/swarm/update?version=${Version.Index}&${flag}=true`;
      await namingSwitches('rotate', 'write', () =>
        raw(z.unknown(), { method: 'POST', path, body: Spec }),
      );
      return;
    } catch (error) {
      const conflict = isEngineError(error) && error.kind === 'out-of-sequence';
      if (!conflict || attempt === ROTATIONS) throw error;
    }
  }
}

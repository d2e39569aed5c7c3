import { DemoEngineError } from '../errors';
import type { Release } from '../release';
import type { NodeSpec } from '../types';
import { compact } from './fields';
import { parseBody } from './parse-body';
import { nodeSpecSchema } from './schemas';

/** Parses and validates a posted node spec. */
export function readNodeSpec(body: string, release: Release): NodeSpec {
  const raw = parseBody(nodeSpecSchema, body, release);
  const Role = raw.Role?.toLowerCase() ?? '';
  const Availability = raw.Availability?.toLowerCase() ?? '';
  if (Role !== 'manager' && Role !== 'worker') {
    throw new DemoEngineError(400, `invalid Role: ${JSON.stringify(raw.Role ?? '')}`);
  }
  if (Availability !== 'active' && Availability !== 'pause' && Availability !== 'drain') {
    throw new DemoEngineError(
      400,
      `invalid Availability: ${JSON.stringify(raw.Availability ?? '')}`,
    );
  }
  return compact({
    Name: raw.Name || undefined,
    Labels: raw.Labels ?? {},
    Role,
    Availability,
  }) as NodeSpec;
}

import * as z from 'zod/mini';
import { DemoEngineError } from '../errors';

/** Go's names for the fields that clients get wrong. */
const GO_FIELDS: Record<string, string> = {
  'Mode.Replicated.Replicas': 'ReplicatedService.Mode.Replicated.Replicas of type uint64',
  'Mode.ReplicatedJob': 'ServiceMode.Mode.ReplicatedJob of type swarm.ReplicatedJob',
  'Mode.ReplicatedJob.MaxConcurrent':
    'ReplicatedJob.Mode.ReplicatedJob.MaxConcurrent of type uint64',
  'Mode.ReplicatedJob.TotalCompletions':
    'ReplicatedJob.Mode.ReplicatedJob.TotalCompletions of type uint64',
};

/** Parses a body. Rejects it with status 400 and, where feasible, the message of Go's JSON decoder. */
export function parseBody<T extends z.core.$ZodType>(schema: T, body: string): z.output<T> {
  if (body.trim() === '') throw new DemoEngineError(400, 'got EOF while reading request body');
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new DemoEngineError(400, `invalid JSON: ${why}`);
  }
  const result = z.safeParse(schema, json);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = issue?.path.map(String) ?? [];
  let value: unknown = json;
  for (const key of path) {
    value = typeof value === 'object' && value ? Reflect.get(value, key) : undefined;
  }
  const kind =
    value === null ? 'null' : typeof value === 'number' ? `number ${value}` : typeof value;
  const field = GO_FIELDS[path.join('.')] ?? path.join('.');
  throw new DemoEngineError(400, `json: cannot unmarshal ${kind} into Go struct field ${field}`);
}

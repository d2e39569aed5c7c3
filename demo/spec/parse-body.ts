import * as z from 'zod/mini';
import { DemoEngineError } from '../errors';
import { goKind } from './go-kind';
import { atLeast, NEWEST, type Release } from '../release';

/** Go's names for the fields that clients get wrong. */
const GO_FIELDS: Record<string, string> = {
  Name: 'ServiceSpec.Name of type string',
  Mode: 'ServiceSpec.Mode of type swarm.ServiceMode',
  'Mode.Replicated': 'ServiceMode.Mode.Replicated of type swarm.ReplicatedService',
  'Mode.Replicated.Replicas': 'ReplicatedService.Mode.Replicated.Replicas of type uint64',
  'Mode.ReplicatedJob': 'ServiceMode.Mode.ReplicatedJob of type swarm.ReplicatedJob',
  'Mode.ReplicatedJob.MaxConcurrent':
    'ReplicatedJob.Mode.ReplicatedJob.MaxConcurrent of type uint64',
  'Mode.ReplicatedJob.TotalCompletions':
    'ReplicatedJob.Mode.ReplicatedJob.TotalCompletions of type uint64',
  'TaskTemplate.ForceUpdate': 'TaskSpec.TaskTemplate.ForceUpdate of type uint64',
  'UpdateConfig.Parallelism': 'UpdateConfig.UpdateConfig.Parallelism of type uint64',
  'RollbackConfig.Parallelism': 'UpdateConfig.RollbackConfig.Parallelism of type uint64',
  'EndpointSpec.Ports.TargetPort': 'PortConfig.EndpointSpec.Ports.TargetPort of type uint32',
  'EndpointSpec.Ports.PublishedPort': 'PortConfig.EndpointSpec.Ports.PublishedPort of type uint32',
  'TaskTemplate.RestartPolicy.MaxAttempts':
    'RestartPolicy.TaskTemplate.RestartPolicy.MaxAttempts of type uint64',
  'TaskTemplate.Placement.MaxReplicas':
    'Placement.TaskTemplate.Placement.MaxReplicas of type uint64',
  Labels: 'ServiceSpec.Labels of type string',
  Role: 'NodeSpec.Role of type swarm.NodeRole',
  Availability: 'NodeSpec.Availability of type swarm.NodeAvailability',
};

/** Parses a body. Rejects it with status 400 and, where feasible, the message of Go's JSON decoder. */
export function parseBody<T extends z.core.$ZodType>(
  schema: T,
  body: string,
  { api }: Release = NEWEST,
): z.output<T> {
  const isNew = atLeast(api, '1.42');
  const invalid = (why: string) =>
    new DemoEngineError(400, `${isNew ? 'invalid JSON: ' : ''}${why}`);
  // From 1.42 on, no body at all is an empty object.
  if (body.trim() === '' && !(isNew && body === '')) {
    throw invalid('got EOF while reading request body');
  }
  let json: unknown;
  try {
    json = body === '' ? {} : (JSON.parse(body) ?? {});
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error));
  }
  const result = z.safeParse(schema, json);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = issue?.path.map(String) ?? [];
  let value: unknown = json;
  for (const key of path) {
    value = typeof value === 'object' && value ? Reflect.get(value, key) : undefined;
  }
  const named = path.filter((part) => !/^\d+$/.test(part));
  const name = named[0] === 'Labels' ? 'Labels' : named.join('.');
  const field = GO_FIELDS[name] ?? name;
  throw invalid(`json: cannot unmarshal ${given(value, field)} into Go struct field ${field}`);
}

/** The value as Go names it: a number with its digits only where a number was expected. */
function given(value: unknown, field: string): string {
  const number = typeof value === 'number' && /of type u?int/.test(field);
  return number ? `number ${value}` : goKind(value);
}

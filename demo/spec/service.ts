import type * as z from 'zod/mini';
import { DemoEngineError } from '../errors';
import type { Random } from '../random';
import { atLeast, type Release } from '../release';
import type { Port, ServiceSpec, TaskSpec, UpdateConfig } from '../types';
import { compact, dropEmpty, inContainerOrder } from './fields';
import { parseBody } from './parse-body';
import {
  type portSchema,
  serviceSpecSchema,
  type taskTemplateSchema,
  type updateConfigSchema,
} from './schemas';
import { validateServiceSpec } from './validate';

/** The API version of the request, and what the engine reads it with. */
interface SpecContext {
  api: string;
  random: Random;
  release: Release;
}

/** Parses and validates a posted service spec; returns it in the form that swarm stores. */
export function readServiceSpec(body: string, { api, random, release }: SpecContext): ServiceSpec {
  const raw = parseBody(serviceSpecSchema, body, release);
  const spec = compact({
    Name: raw.Name === '' ? `amiable_${random.hex(6)}` : raw.Name,
    Labels: raw.Labels ?? {},
    TaskTemplate: readTaskSpec(raw.TaskTemplate),
    Mode: readMode(atLeast(api, '1.41') ? raw.Mode : withoutJobs(raw.Mode), release),
    UpdateConfig: readUpdateConfig(raw.UpdateConfig),
    RollbackConfig: readUpdateConfig(raw.RollbackConfig),
    EndpointSpec: raw.EndpointSpec
      ? compact({
          Mode: readResolution(raw.EndpointSpec.Mode ?? ''),
          Ports: raw.EndpointSpec.Ports?.length ? raw.EndpointSpec.Ports.map(readPort) : undefined,
        })
      : undefined,
  }) as ServiceSpec;
  validateServiceSpec(spec);
  return spec;
}

function readResolution(mode: string): 'vip' | 'dnsrr' {
  if (mode !== '' && mode !== 'vip' && mode !== 'dnsrr') {
    throw new DemoEngineError(400, `invalid resolution mode: ${JSON.stringify(mode)}`);
  }
  return mode === 'dnsrr' ? 'dnsrr' : 'vip';
}

function readTaskSpec(raw: z.output<typeof taskTemplateSchema>): TaskSpec {
  if (!['', 'container', 'plugin'].includes(raw.Runtime)) {
    throw new DemoEngineError(400, 'unsupported runtime');
  }
  if (!raw.ContainerSpec) throw new DemoEngineError(400, 'mismatched Runtime and *Spec fields');
  const { Condition = '', ...policy } = raw.RestartPolicy ?? {};
  if (!['', 'none', 'on-failure', 'any'].includes(Condition)) {
    throw new DemoEngineError(400, `invalid RestartCondition: ${JSON.stringify(Condition)}`);
  }
  const { Networks, LogDriver, ForceUpdate, Runtime } = raw;
  return compact({
    ContainerSpec: dropEmpty(inContainerOrder({ Isolation: 'default', ...raw.ContainerSpec })),
    Resources: raw.Resources ? dropEmpty(raw.Resources) : undefined,
    RestartPolicy: raw.RestartPolicy
      ? compact({
          Condition: Condition === 'none' || Condition === 'on-failure' ? Condition : 'any',
          ...policy,
          MaxAttempts: policy.MaxAttempts ?? 0,
        })
      : undefined,
    Placement: raw.Placement ? dropEmpty(raw.Placement) : undefined,
    Networks: Networks?.length ? Networks : undefined,
    LogDriver: LogDriver ?? undefined,
    ForceUpdate,
    Runtime: Runtime || 'container',
  }) as TaskSpec;
}

type RawMode = z.output<typeof serviceSpecSchema>['Mode'];

/** API 1.40 has no jobs: a job's mode is left out, and the service gets the default mode. */
function withoutJobs(raw: RawMode): RawMode {
  return raw && { Replicated: raw.Replicated, Global: raw.Global };
}

function readMode(raw: RawMode, release: Release): ServiceSpec['Mode'] {
  const given = Object.entries(raw ?? {}).filter(([, mode]) => mode);
  if (given.length > 1) {
    const text = atLeast(release.api, '1.41')
      ? 'must specify only one service mode'
      : 'cannot specify both replicated mode and global mode';
    throw new DemoEngineError(400, text);
  }
  if (raw?.Global) return { Global: {} };
  if (raw?.GlobalJob) return { GlobalJob: {} };
  if (raw?.ReplicatedJob) {
    const MaxConcurrent = raw.ReplicatedJob.MaxConcurrent ?? 1;
    const TotalCompletions = raw.ReplicatedJob.TotalCompletions ?? MaxConcurrent;
    return { ReplicatedJob: { MaxConcurrent, TotalCompletions } };
  }
  const Replicas = raw?.Replicated?.Replicas ?? 1;
  return { Replicated: { Replicas } };
}

function readUpdateConfig(raw: z.output<typeof updateConfigSchema>): UpdateConfig | undefined {
  if (!raw) return undefined;
  const action = raw.FailureAction || 'pause';
  if (action !== 'pause' && action !== 'continue' && action !== 'rollback') {
    throw new DemoEngineError(400, `unrecognized update failure action ${action}`);
  }
  const order = raw.Order || 'stop-first';
  if (order !== 'stop-first' && order !== 'start-first') {
    throw new DemoEngineError(400, `unrecognized update order ${order}`);
  }
  return compact({
    Parallelism: raw.Parallelism,
    Delay: raw.Delay || undefined,
    FailureAction: action,
    Monitor: raw.Monitor || undefined,
    MaxFailureRatio: raw.MaxFailureRatio,
    Order: order,
  }) as UpdateConfig;
}

function readPort(raw: z.output<typeof portSchema>): Port {
  return compact({
    Name: raw.Name || undefined,
    Protocol: raw.Protocol || 'tcp',
    TargetPort: raw.TargetPort || undefined,
    PublishedPort: raw.PublishedPort || undefined,
    PublishMode: raw.PublishMode === 'host' ? 'host' : 'ingress',
  }) as Port;
}

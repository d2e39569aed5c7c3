import * as z from 'zod/mini';
import { parseConstraints } from '../constraints';
import { rpcProblem } from '../errors';
import { isReference } from '../images';
import { isJob } from '../mode';
import type { ServiceSpec, UpdateConfig } from '../types';
import { templateProblem } from './template';

/** Swarm's own checks, in its order and with its messages. */
export function validateServiceSpec(spec: ServiceSpec): void {
  const invalid = (text: string) => rpcProblem('InvalidArgument', text);
  if (!/^[a-zA-Z0-9](?:[-_]*[A-Za-z0-9]+)*$/.test(spec.Name)) {
    throw invalid('name must be valid as a DNS name component');
  }
  if (spec.Name.length > 63) throw invalid('name must be 63 characters or fewer');
  const task = spec.TaskTemplate;
  for (const amount of [task.Resources?.Limits, task.Resources?.Reservations]) {
    const cpus = amount?.NanoCPUs ?? 0;
    if (cpus !== 0 && cpus < 1e6) {
      // Go writes two digits of an exponent.
      const value = String(cpus / 1e9).replace(/e-(\d)$/, 'e-0$1');
      throw invalid(`invalid cpu value ${value}: Must be at least 0.001`);
    }
    const memory = amount?.MemoryBytes ?? 0;
    if (memory !== 0 && memory < 4 * 1024 * 1024) {
      throw invalid(`invalid memory value ${memory}: Must be at least 4MiB`);
    }
  }
  if ((task.RestartPolicy?.Delay ?? 0) < 0) {
    throw invalid('TaskSpec: restart-delay cannot be negative');
  }
  if ((task.RestartPolicy?.Window ?? 0) < 0) {
    throw invalid('TaskSpec: restart-window cannot be negative');
  }
  try {
    parseConstraints(task.Placement?.Constraints ?? []);
  } catch (error) {
    throw rpcProblem('Unknown', error instanceof Error ? error.message : String(error));
  }
  const { Image } = task.ContainerSpec;
  if (Image === '') throw invalid('ContainerSpec: image reference must be provided');
  if (!isReference(Image)) {
    throw invalid(`ContainerSpec: ${JSON.stringify(Image)} is not a valid repository/tag`);
  }
  validateContainer(task.ContainerSpec);
  if ((spec.Mode.Replicated?.Replicas ?? 0) >= 2 ** 63) {
    throw invalid('Number of replicas must be non-negative');
  }
  if (isJob(spec)) {
    if (spec.UpdateConfig) throw invalid('Jobs may not have an update config');
  } else {
    validateUpdate(spec.UpdateConfig);
  }
  validateEndpoint(spec);
}

const healthSchema = z.object({
  Interval: z.optional(z.number()),
  Timeout: z.optional(z.number()),
  StartPeriod: z.optional(z.number()),
  Retries: z.optional(z.number()),
});

function validateContainer({ Mounts, Healthcheck, Hostname, Env }: ContainerFields): void {
  const invalid = (text: string) => rpcProblem('InvalidArgument', text);
  const targets = new Set<unknown>();
  for (const { Target } of Mounts ?? []) {
    if (targets.has(Target)) {
      throw invalid(`ContainerSpec: duplicate mount point: ${String(Target)}`);
    }
    targets.add(Target);
  }
  const { data: health = {} } = healthSchema.safeParse(Healthcheck ?? {});
  for (const name of ['Interval', 'Timeout', 'StartPeriod'] as const) {
    const ns = health[name] ?? 0;
    if (ns !== 0 && ns < 1e6) {
      throw invalid(`ContainerSpec: ${name} in HealthConfig cannot be less than 1ms`);
    }
  }
  if ((health.Retries ?? 0) < 0) {
    throw invalid('ContainerSpec: Retries in HealthConfig cannot be negative');
  }
  const hostname = typeof Hostname === 'string' ? templateProblem(Hostname) : null;
  if (hostname !== null) throw invalid(`expanding hostname failed: ${hostname}`);
  for (const entry of Array.isArray(Env) ? Env.map(String) : []) {
    const env = templateProblem(entry);
    if (env !== null) {
      throw invalid(`expanding env failed: expanding env ${JSON.stringify(entry)}: ${env}`);
    }
  }
}

type ContainerFields = ServiceSpec['TaskTemplate']['ContainerSpec'];

function validateUpdate(config: UpdateConfig | undefined): void {
  const invalid = (text: string) => rpcProblem('InvalidArgument', `TaskSpec: ${text}`);
  if ((config?.Delay ?? 0) < 0) throw invalid('update-delay cannot be negative');
  if ((config?.Monitor ?? 0) < 0) throw invalid('update-monitor cannot be negative');
  const ratio = config?.MaxFailureRatio ?? 0;
  if (ratio < 0 || ratio > 1) {
    throw invalid('update-maxfailureratio cannot be less than 0 or bigger than 1');
  }
}

function validateEndpoint(spec: ServiceSpec): void {
  const seen = new Set<string>();
  for (const { PublishMode, PublishedPort, Protocol } of spec.EndpointSpec?.Ports ?? []) {
    if (spec.EndpointSpec?.Mode === 'dnsrr' && PublishMode === 'ingress') {
      throw rpcProblem(
        'InvalidArgument',
        "EndpointSpec: port published with ingress mode can't be used with dnsrr mode",
      );
    }
    if (!PublishedPort) continue;
    const key = `${Protocol}/${PublishedPort}`;
    if (seen.has(key)) {
      throw rpcProblem('InvalidArgument', 'EndpointSpec: duplicate published ports provided');
    }
    seen.add(key);
  }
}

import { parseConstraints } from '../constraints';
import { rpcProblem } from '../errors';
import { isReference } from '../images';
import { isJob } from '../mode';
import type { ServiceSpec, UpdateConfig } from '../types';

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
      throw invalid(`invalid cpu value ${cpus / 1e9}: Must be at least 0.001`);
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
  if (isJob(spec)) {
    if (spec.UpdateConfig) throw invalid('Jobs may not have an update config');
  } else {
    validateUpdate(spec.UpdateConfig);
  }
  validateEndpoint(spec);
}

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

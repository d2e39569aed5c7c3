import type { ServiceForm } from './form';
import { parseDuration } from './go-duration';
import { taggedImage } from './image-reference';
import type { RawSpec } from './raw-spec';
import {
  changedRestart,
  changedRollout,
  isGiven,
  rawPort,
  rawPreference,
  resources,
} from './spec-parts';

/** What a registry says about an image (`/distribution/{image}/json`). */
export interface ResolvedImage {
  /** `sha256:…` */
  digest: string;
  platforms: readonly { architecture: string; os: string }[];
}

/**
 * The spec of a new service, as `docker service create` posts it. `resolved` pins the image to its digest, which the
 * client does and the engine does not; null where the registry could not be asked.
 */
export function specOf(form: ServiceForm, resolved: ResolvedImage | null = null): RawSpec {
  const { hostname, stopGracePeriod, update, rollback, restart } = form;
  const image = pinnedImage(form.image, resolved);
  return {
    Name: form.name,
    Labels: { ...form.labels },
    TaskTemplate: {
      ContainerSpec: {
        Image: image,
        Labels: { ...form.containerLabels },
        ...(form.command?.length ? { Command: [...form.command] } : {}),
        ...(form.args?.length ? { Args: [...form.args] } : {}),
        ...(hostname ? { Hostname: hostname } : {}),
        Env: Object.entries(form.env ?? {}).map(([name, value]) => `${name}=${value}`),
        Init: false,
        ...(stopGracePeriod !== undefined && { StopGracePeriod: parseDuration(stopGracePeriod) }),
        DNSConfig: {},
      },
      Resources: {
        Limits: resources({ ...form.limits }),
        Reservations: resources({ ...form.reservations }),
      },
      ...(restart && isGiven(restart) && { RestartPolicy: changedRestart(null, restart) }),
      Placement: {
        Constraints: [...(form.constraints ?? [])],
        Preferences: (form.preferences ?? []).map(rawPreference),
        ...(form.maxPerNode ? { MaxReplicas: form.maxPerNode } : {}),
        ...platformsOf(resolved),
      },
    },
    Mode: rawMode(form),
    ...(update && isGiven(update) && { UpdateConfig: changedRollout(null, update) }),
    ...(rollback && isGiven(rollback) && { RollbackConfig: changedRollout(null, rollback) }),
    EndpointSpec: { Mode: 'vip', Ports: (form.ports ?? []).map(rawPort) },
  };
}

function rawMode({ mode, replicas, maxConcurrent }: ServiceForm): RawSpec {
  if (mode === 'global') return { Global: {} };
  if (mode === 'global-job') return { GlobalJob: {} };
  if (mode === 'replicated') return { Replicated: { Replicas: replicas ?? 1 } };
  // Where one of the two is missing, the client or the engine takes the other one.
  const TotalCompletions = replicas ?? maxConcurrent ?? 1;
  return { ReplicatedJob: { MaxConcurrent: maxConcurrent ?? TotalCompletions, TotalCompletions } };
}

/** The name that the client sends: with its tag, and the digest where one is known. */
export function pinnedImage(image: string, resolved: ResolvedImage | null): string {
  const tagged = taggedImage(image);
  return resolved === null || tagged.includes('@') ? tagged : `${tagged}@${resolved.digest}`;
}

/**
 * The platforms that the client writes into the placement. It leaves out `arm`, whose variants swarm does not tell
 * apart (docker/cli `imageDigestAndPlatforms`, swarmkit#2294), so such an image may be placed on any node with its OS.
 */
export function platformsOf(resolved: ResolvedImage | null): RawSpec {
  if (!resolved || resolved.platforms.length === 0) return {};
  return {
    Platforms: resolved.platforms.map(({ architecture, os }) => ({
      ...(architecture.toLowerCase() === 'arm' ? {} : { Architecture: architecture }),
      OS: os,
    })),
  };
}

import { ROTATE, type Run, type RunRequest } from '@/lib/curl/run';
import type { NodeView, ServiceView } from '@/lib/swarm/view';
import { entryKey, type DialTarget } from './dial-targets';
import type { RunSettings } from './run-settings';

/** Returns the body of `POST api/runs`. Settings that the mode does not use are left out. */
export function runRequest(settings: RunSettings, target: DialTarget, entry: NodeView): RunRequest {
  const { target: _key, entryNode, rate, seconds, burst, ...rest } = settings;
  return {
    ...rest,
    service: target.service.id,
    publishedPort: target.port,
    ...(target.port === 0 && { targetPort: target.targetPort }),
    entryNode: entryNode === ROTATE ? ROTATE : entry.id,
    ...(rest.mode === 'steady' && { rate, seconds }),
    ...(rest.mode === 'burst' && { burst }),
  };
}

/** Returns the settings that an active run was started with, with current names: all viewers see them. */
export function settingsOfRun(
  request: Run['request'],
  services: readonly ServiceView[],
  nodes: readonly NodeView[],
): RunSettings {
  const { service, serviceId, publishedPort, targetPort, entryNode, entryNodeId, ...rest } =
    request;
  const serviceName = services.find(({ id }) => id === serviceId)?.name ?? service;
  const node = nodes.find(({ id }) => id === entryNodeId);
  return {
    ...rest,
    target: `${serviceName}:${publishedPort || `${targetPort}/host`}`,
    entryNode: entryNode === ROTATE ? ROTATE : node ? entryKey(node) : entryNode,
  };
}

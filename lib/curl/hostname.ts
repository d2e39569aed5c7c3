import type { NodeView, ServiceView, TaskView } from '../swarm/view';

/** A plain field between braces; a `-` takes the space on its side away, as Go's templates do. */
const FIELD = /(?:\s*\{\{-\s+|\{\{\s*)([.\w]+)(?:\s+-\}\}\s*|\s*\}\})/g;

/**
 * The hostname that a task's container is given, as swarm expands a service's template (swarmkit
 * `template/context.go`; `docker service create --hostname`). Null when the service sets none, or
 * one with more in it than plain fields: then nobody here can tell.
 */
export function hostnameOf(
  task: Pick<TaskView, 'id' | 'slot' | 'nodeId'>,
  service: Pick<ServiceView, 'id' | 'name' | 'hostname'>,
  node: Pick<NodeView, 'name' | 'arch' | 'os'> | undefined,
): string | null {
  if (service.hostname === null) return null;
  const slot = task.slot === null ? task.nodeId : String(task.slot);
  const fields = new Map<string, string | null>([
    ['.Service.ID', service.id],
    ['.Service.Name', service.name],
    ['.Node.ID', task.nodeId],
    ['.Node.Hostname', node?.name ?? null],
    ['.Node.Platform.Architecture', node?.arch ?? null],
    ['.Node.Platform.OS', node?.os ?? null],
    ['.Task.ID', task.id],
    // A task of a global service has its node's id for a slot.
    ['.Task.Slot', slot],
    ['.Task.Name', slot === null ? null : `${service.name}.${slot}.${task.id}`],
  ]);
  let whole = true;
  const name = service.hostname.replace(FIELD, (_text, field: string) => {
    const value = fields.get(field) ?? null;
    if (value === null) whole = false;
    return value ?? '';
  });
  return whole && !name.includes('{{') ? name : null;
}

import type { NodeView, ServiceView, TaskView } from '../swarm/view';

/** A plain field between braces; a `-` trims the space on its side, as in Go's templates. */
const FIELD = /(?:\s*\{\{-\s+|\{\{\s*)([.\w]+)(?:\s+-\}\}\s*|\s*\}\})/g;

/**
 * The hostname of a task's container, as swarm expands the service's template (swarmkit
 * `template/context.go`; `docker service create --hostname`). Null when the service sets none, or one that
 * needs more than plain fields.
 */
export function hostnameOf(
  task: Pick<TaskView, 'id' | 'slot' | 'nodeId'>,
  service: Pick<ServiceView, 'id' | 'name' | 'hostname'>,
  node: Pick<NodeView, 'hostname' | 'arch' | 'os'> | undefined,
): string | null {
  if (service.hostname === null) return null;
  // Without a slot and for slot 0, the first of a job, swarm uses the node's id.
  const slot = task.slot ? String(task.slot) : task.nodeId;
  const fields = new Map<string, string | null>([
    ['.Service.ID', service.id],
    ['.Service.Name', service.name],
    ['.Node.ID', task.nodeId],
    ['.Node.Hostname', node?.hostname ?? null],
    ['.Node.Platform.Architecture', node?.arch ?? null],
    ['.Node.Platform.OS', node?.os ?? null],
    ['.Task.ID', task.id],
    ['.Task.Slot', slot],
    ['.Task.Name', slot === null ? null : `${service.name}.${slot}.${task.id}`],
  ]);
  let complete = true;
  const name = service.hostname.replace(FIELD, (_text, field: string) => {
    const value = fields.get(field) ?? null;
    if (value === null) complete = false;
    return value ?? '';
  });
  return complete && !name.includes('{{') ? name : null;
}

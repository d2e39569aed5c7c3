import type { HintAction } from '@/lib/swarm/hints/actions';
import type { ServiceView } from '@/lib/swarm/view';
import type { Action } from './action-store';

/** What a hint is about. */
export interface HintSubject {
  service: Pick<ServiceView, 'id' | 'listed' | 'hasPrevious'>;
  /** Null where it is about the service as a whole. */
  taskId: string | null;
}

/** A button of a hint. */
export interface HintButton {
  label: string;
  action: Action;
}

/** The buttons of a hint's actions, each once. A service that is known from its tasks only cannot be changed. */
export function hintButtons(
  actions: readonly HintAction[],
  { service, taskId }: HintSubject,
): HintButton[] {
  const buttons = new Map<string, HintButton>();
  for (const hint of actions) {
    if (hint.kind === 'roll-back' && !service.hasPrevious) continue;
    if (!service.listed && hint.kind !== 'change-node' && hint.kind !== 'show-logs') continue;
    const action = actionOf(hint, service.id, taskId);
    buttons.set(JSON.stringify(action), { label: hint.label, action });
  }
  return [...buttons.values()];
}

function actionOf(hint: HintAction, service: string, taskId: string | null): Action {
  switch (hint.kind) {
    case 'change-service':
      return { kind: 'change-service', service, patch: hint.patch, label: hint.label };
    case 'change-node':
      return { kind: 'node', node: hint.node, patch: hint.patch };
    case 'edit-service':
      return { kind: 'update', service, field: hint.field };
    case 'show-logs':
      return { kind: 'logs', of: taskId === null ? { service } : { task: taskId } };
    case 'restart':
      return { kind: 'restart', service };
    case 'roll-back':
      return { kind: 'rollback', service };
    // `resume`: a patch without changes continues a paused update.
    default:
      return { kind: 'change-service', service, patch: {}, label: hint.label };
  }
}

import { ActionButton } from '../actions/ActionButton';
import type { Action } from '../actions/action-store';

/** The button that shows a node or task as the engine has it. */
export function Inspect({ of }: { of: Extract<Action, { kind: 'inspect' }>['of'] }) {
  return (
    <ActionButton action={{ kind: 'inspect', of }} className="mt-2 text-xs">
      Inspect
    </ActionButton>
  );
}

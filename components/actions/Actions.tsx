'use client';

import { useEffect, type ComponentType } from 'react';
import { useDetailsTarget } from '../details/details-store';
import { lazyPart } from '../ui/lazy-part';
import { closeAction, openerOfAction, useOpenLogs, type Action } from './action-store';
import { keepFocus } from './keep-focus';
import { reportOutcome } from './outcome';
import { OutcomeNote } from './OutcomeNote';

/** What the dialog of an action receives. */
export interface ActionProps<K extends Action['kind']> {
  action: Extract<Action, { kind: K }>;
  onClose: () => void;
}

type Dialogs = { [K in Action['kind']]?: ComponentType<ActionProps<K>> };

/** The dialog of each kind of action; each is loaded when it is opened. */
const DIALOGS: Dialogs = {
  create: lazyPart(() => import('../service-form/CreateDialog').then((part) => part.CreateDialog)),
  update: lazyPart(() => import('../service-form/UpdateDialog').then((part) => part.UpdateDialog)),
  restart: lazyPart(() => import('./RestartDialog').then((part) => part.RestartDialog)),
  rollback: lazyPart(() => import('./RollBackDialog').then((part) => part.RollBackDialog)),
  remove: lazyPart(() => import('./RemoveDialog').then((part) => part.RemoveDialog)),
  inspect: lazyPart(() => import('../inspect/InspectDialog').then((part) => part.InspectDialog)),
  'change-service': lazyPart(() =>
    import('./ChangeServiceDialog').then((part) => part.ChangeServiceDialog),
  ),
  node: lazyPart(() => import('../node-actions/NodeDialog').then((part) => part.NodeDialog)),
  labels: lazyPart(() => import('../node-actions/LabelsDialog').then((part) => part.LabelsDialog)),
  'remove-node': lazyPart(() =>
    import('../node-actions/RemoveNodeDialog').then((part) => part.RemoveNodeDialog),
  ),
  join: lazyPart(() => import('../node-actions/JoinDialog').then((part) => part.JoinDialog)),
};

const LogPanel = lazyPart(() => import('../logs/LogPanel').then((part) => part.LogPanel));

/** The dialog of the open action, the logs, and what the last one did. */
export function Actions({ action }: { action: Action | null }) {
  // The details show it themselves: what is outside of them is inert.
  const details = useDetailsTarget();
  const logs = useOpenLogs();
  return (
    <>
      {action && <Open key={JSON.stringify(action)} action={action} />}
      {logs && <LogPanel key={JSON.stringify(logs.of)} action={logs} />}
      {!details && <OutcomeNote />}
    </>
  );
}

function Open({ action }: { action: Action }) {
  useEffect(() => reportOutcome(null), []);
  useFocusAfter();
  // The table has for each kind the dialog that takes it.
  const Dialog = DIALOGS[action.kind] as ComponentType<ActionProps<Action['kind']>> | undefined;
  return Dialog && <Dialog action={action} onClose={closeAction} />;
}

/**
 * The browser returns the focus to the control that opened a dialog. One in a popover is hidden by then, so the focus
 * goes to the button of the popover; one in the note of what was changed is gone, so it goes to what opened the dialog of
 * that change.
 */
function useFocusAfter() {
  useEffect(() => {
    const opener = openerOfAction();
    return () => {
      const popover = opener.around.find((part) => part.hasAttribute('popover'));
      const control = popover
        ? document.querySelector(`[popovertarget="${CSS.escape(popover.id)}"]`)
        : opener.control;
      // After the dialog has closed.
      queueMicrotask(() => {
        if (control instanceof HTMLElement && (popover || document.activeElement === document.body))
          control.focus({ preventScroll: true });
        keepFocus({ ...opener, control });
      });
    };
  }, []);
}

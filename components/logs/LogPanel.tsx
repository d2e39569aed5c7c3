'use client';

import { useEffect, useId, useRef, useState } from 'react';
import { usePast, useView } from '@/lib/client/hooks';
import { clockTime } from '@/lib/swarm/duration';
import type { SwarmView } from '@/lib/swarm/view';
import { closeLogs } from '../actions/action-store';
import { closeDetails, useDetailsTarget } from '../details/details-store';
import { BlockNote } from '../ui/Blocked';
import { Button } from '../ui/Button';
import type { LogsAction } from './log-target';
import { LogView } from './LogView';
import { useLogsBlock } from './use-logs-block';

/**
 * The log of a service or a task, at the bottom of the window and not modal: the board stays in sight and usable. In full
 * height it covers the page.
 */
export function LogPanel({ action }: { action: LogsAction }) {
  const view = useView();
  const past = usePast();
  const block = useLogsBlock();
  const [isFull, setFull] = useState(false);
  const id = useId();
  const panel = useFocus(action);
  const name = nameOf(action, view);
  const about = 'service' in action.of ? 'Logs of service' : 'Logs of task';
  return (
    // Escape closes it from any control inside.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <section
      ref={panel}
      role="dialog"
      aria-labelledby={id}
      data-logs
      className={`fixed inset-x-0 bottom-0 z-20 flex flex-col border-t border-accent-line bg-panel text-ink shadow-[0_-8px_30px_var(--color-shadow)] max-sm:rounded-t-2xl ${isFull ? 'h-dvh' : 'h-[60dvh] max-sm:h-[72dvh]'}`}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return;
        // It closes what is open over the panel first.
        if (!panel.current?.querySelector(':popover-open')) closeLogs();
      }}
    >
      <div className="flex items-center gap-2 px-3 pt-1.5 sm:px-4">
        <h2
          id={id}
          tabIndex={-1}
          className="min-w-0 flex-1 truncate text-base outline-none"
          title={name}
        >
          <span className="font-normal text-dim max-sm:sr-only">{about}</span> {name}
        </h2>
        {past && (
          <p className="min-w-0 truncate text-xs text-warn">
            {`The board shows ${clockTime(past.at)}; the log shows the present.`}
          </p>
        )}
        <Button
          look="bare"
          aria-pressed={isFull}
          title={isFull ? 'Show the board beside the log' : 'Cover the page'}
          onClick={() => setFull(!isFull)}
        >
          <span aria-hidden>{isFull ? '⌄' : '⌃'}</span>
          <span className="text-xs max-sm:sr-only">Full height</span>
        </Button>
        <Button look="bare" className="min-w-8.5" aria-label="Close" onClick={closeLogs}>
          ✕
        </Button>
      </div>
      {block || !view ? (
        <div className="px-3 py-3 sm:px-4">{block && <BlockNote block={block} />}</div>
      ) : (
        <LogView action={action} view={view} name={name} />
      )}
    </section>
  );
}

function nameOf({ of, answer }: LogsAction, view: SwarmView | null): string {
  if ('service' in of) {
    const service = view?.services.find(({ id }) => id === of.service);
    // Of a service that was removed its tasks are left for a while.
    const task = view?.tasks.find(({ serviceId }) => serviceId === of.service);
    return service?.name ?? task?.name.replace(/\.[^.]*$/, '') ?? of.service.slice(0, 12);
  }
  const task = view?.tasks.find(({ id }) => id === of.task);
  return task?.name ?? answer?.task ?? of.task.slice(0, 12);
}

/** Where the focus was; of a popover, which is hidden then, its button. */
function openerOf(focused: Element | null): Element | null {
  const popover = focused?.closest('[popover]');
  if (!popover) return focused;
  return document.querySelector(`[popovertarget="${CSS.escape(popover.id)}"]`);
}

/** The focus goes to the title, and back to what had it when the panel is closed. Modal details make the panel inert. */
function useFocus(action: LogsAction) {
  const ref = useRef<HTMLElement>(null);
  const opener = useRef<Element | null>(null);
  const hasDetails = useDetailsTarget() !== null;
  const opened = useRef<LogsAction | null>(null);
  useEffect(() => {
    opener.current ??= openerOf(document.activeElement);
    for (const one of document.querySelectorAll<HTMLElement>('[popover]:popover-open')) {
      one.hidePopover();
    }
    return () => {
      const { current: from } = opener;
      if (from instanceof HTMLElement && from.isConnected) from.focus({ preventScroll: true });
    };
  }, []);
  useEffect(() => {
    if (opened.current === action) return;
    if (hasDetails) return closeDetails();
    opened.current = action;
    // After the details have returned the focus to the board.
    queueMicrotask(() => ref.current?.querySelector('h2')?.focus({ preventScroll: true }));
  }, [action, hasDetails]);
  return ref;
}

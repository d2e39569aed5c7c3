'use client';

import { useEffect, useRef, useState } from 'react';
import type { JoinCommand as Answer } from '@/lib/api';
import { openSignIn } from '@/lib/client/open-sign-in';
import { callApi, type ShownProblem } from '@/lib/client/request';
import { shell } from '@/lib/swarm/shell';
import { closeAction } from '../actions/action-store';
import { useBlock, BlockNote } from '../ui/Blocked';
import { Button } from '../ui/Button';
import { copyText } from '../ui/copy';
import { CopyCommand } from '../ui/CopyCommand';
import { Help } from '../ui/Help';
import { Prose } from '../ui/Prose';

type Role = Answer['role'];

/** What is shown in place of a command that was not asked for. */
const HIDDEN = 'docker swarm join --token ••••••••';

/**
 * The command that joins a worker, and under More that of a manager and a new token. Each is a secret: it is requested
 * only on a click, kept only here, and forgotten when the dialog is closed.
 */
export function JoinCommand() {
  return (
    <>
      <Secret of="worker" />
      <details>
        <summary className="w-fit cursor-pointer py-1 text-dim touch:py-3">More</summary>
        <div className="mt-2 space-y-3">
          <p className="text-dim">
            As a manager the node takes part in every decision, and holds the swarm&apos;s secrets.
          </p>
          <Secret of="manager" />
        </div>
      </details>
    </>
  );
}

/** What a role's command does at the moment. */
type State =
  | { kind: 'hidden'; note: string | null }
  | { kind: 'loading' }
  | { kind: 'shown'; command: string; note: string | null }
  | { kind: 'failed'; problem: ShownProblem };

function Secret({ of: role }: { of: Role }) {
  const [state, setState] = useState<State>({ kind: 'hidden', note: null });
  const [asking, setAsking] = useState(false);
  const { group, focusNext } = useFocusNext();
  const open = useRef(true);
  useEffect(() => {
    open.current = true;
    return () => {
      open.current = false;
    };
  }, []);
  const load = async (rotate: boolean): Promise<string | null> => {
    setState({ kind: 'loading' });
    const result = await callApi<Answer>('POST', 'api/join-command', { role, rotate });
    if (!open.current) return null;
    if (result.ok) return result.data.command;
    focusNext('show');
    setState({ kind: 'failed', problem: result.problem });
    return null;
  };
  const show = async () => {
    const command = await load(false);
    if (command === null) return;
    focusNext('hide');
    setState({ kind: 'shown', command, note: null });
  };
  const copy = async () => {
    const command = await load(false);
    if (command === null) return;
    if (await copyText(command)) {
      focusNext('copy');
      setState({ kind: 'hidden', note: 'Copied.' });
    } else {
      focusNext('hide');
      setState({ kind: 'shown', command, note: 'Select it to copy it.' });
    }
  };
  const hide = () => {
    focusNext('show');
    setState({ kind: 'hidden', note: null });
  };
  const ask = (next: boolean) => {
    focusNext(next ? 'rotation' : 'rotate');
    setAsking(next);
  };
  const rotate = async () => {
    setAsking(false);
    const command = await load(true);
    if (command === null) return;
    focusNext('rotate');
    const note = 'The token is new: commands copied before no longer work.';
    setState(state.kind === 'shown' ? { kind: 'shown', command, note } : { kind: 'hidden', note });
  };
  const loading = state.kind === 'loading';
  const title = role === 'worker' ? 'the join command' : "the manager's join command";
  return (
    <div
      ref={group}
      role="group"
      aria-label={role === 'worker' ? 'Join as a worker' : 'Join as a manager'}
    >
      {state.kind === 'shown' ? (
        <CopyCommand command={state.command} label={title} />
      ) : (
        <div className="flex min-w-0 flex-wrap items-center gap-2 rounded-lg border border-line bg-well py-1.5 pr-1.5 pl-3 font-mono text-[13px]/normal">
          <code className="min-w-0 flex-1 basis-56 font-[inherit] wrap-anywhere text-dim before:text-ok before:content-['$_'] before:select-none">
            {HIDDEN}
          </code>
          <span className="flex flex-none gap-2">
            <Button
              className="w-17 font-sans text-xs"
              data-focus="show"
              aria-label={`Show ${title}`}
              disabled={loading}
              onClick={() => void show()}
            >
              {loading ? '…' : 'show'}
            </Button>
            <Button
              className="w-17 font-sans text-xs"
              data-focus="copy"
              aria-label={`Copy ${title} without showing it`}
              disabled={loading}
              onClick={() => void copy()}
            >
              copy
            </Button>
          </span>
        </div>
      )}
      <div role="status" className="mt-1 min-h-5 text-xs text-ok">
        {state.kind === 'hidden' || state.kind === 'shown' ? state.note : ''}
      </div>
      {state.kind === 'failed' && <Failure problem={state.problem} />}
      <div className="flex flex-wrap items-center gap-2 text-xs">
        {state.kind === 'shown' && (
          <Button className="text-xs" data-focus="hide" onClick={hide}>
            Hide
          </Button>
        )}
        {!asking && (
          <Button
            className="text-xs"
            data-focus="rotate"
            disabled={loading}
            onClick={() => ask(true)}
          >
            Rotate the token
          </Button>
        )}
      </div>
      {asking && <Rotation of={role} onConfirm={() => void rotate()} onCancel={() => ask(false)} />}
    </div>
  );
}

/**
 * Where the focus goes when the control that had it has gone or is disabled: to the one with this `data-focus`, unless
 * something else has the focus by then.
 */
function useFocusNext() {
  const group = useRef<HTMLDivElement>(null);
  const next = useRef<string | null>(null);
  useEffect(() => {
    const name = next.current;
    if (name === null) return;
    const { activeElement } = document;
    next.current = null;
    if (activeElement !== document.body && !activeElement?.matches(':disabled')) return;
    group.current?.querySelector<HTMLElement>(`[data-focus="${name}"]`)?.focus();
  });
  const focusNext = (name: string) => {
    next.current = name;
  };
  return { group, focusNext };
}

/** What a new token means, before it is made. */
function Rotation({
  of: role,
  onConfirm,
  onCancel,
}: {
  of: Role;
  onConfirm: () => void;
  onCancel: () => void;
}) {
  const block = useBlock('change', 'rotate');
  return (
    <div
      role="group"
      tabIndex={-1}
      data-focus="rotation"
      aria-label="Rotate the token"
      className="mt-1 space-y-2 text-xs outline-none"
    >
      <p>
        {`Makes a new ${role} token; the old one no longer works. Nodes that have joined stay in the swarm.`}
      </p>
      <CopyCommand
        command={shell`docker swarm join-token --rotate ${role}`}
        label="the equivalent command"
      />
      {block && <BlockNote block={block} />}
      <div className="flex gap-2">
        <Button look="danger" className="text-xs" disabled={block !== null} onClick={onConfirm}>
          Rotate
        </Button>
        <Button className="text-xs" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </div>
  );
}

function Failure({ problem: { kind, detail, next } }: { problem: ShownProblem }) {
  return (
    <div role="alert" className="mb-2">
      <p className="text-bad">
        {detail}{' '}
        <span className="text-dim">
          <Prose text={next ?? ''} />
        </span>{' '}
        <Help id={kind} about="why there is no join command" />
      </p>
      {kind === 'sign-in-required' && (
        <Button
          look="primary"
          className="mt-2"
          onClick={() => {
            closeAction();
            openSignIn();
          }}
        >
          Sign in
        </Button>
      )}
    </div>
  );
}

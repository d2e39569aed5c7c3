'use client';

import { useEffect, useRef, useState } from 'react';
import type { NodeDetails } from '@/lib/swarm/details';
import { DRILL_LABEL } from '@/lib/swarm/drill-label';
import { PORT_LABEL } from '@/lib/swarm/hat/hat-places';
import { dockerNode } from '@/lib/swarm/hat/unique-names';
import type { NodeDryRun } from '@/lib/swarm/spec/answers';
import { nodeCommand } from '@/lib/swarm/spec/commands';
import { ActionFooter, EquivalentCommand, ProblemText } from '../actions/ActionFooter';
import type { ActionProps } from '../actions/Actions';
import { reportOutcome } from '../actions/outcome';
import { useDryRun, useSend, type ChangeRequest } from '../actions/use-change';
import { useDetails } from '../details/use-details';
import { useBlock } from '../ui/Blocked';
import { Button } from '../ui/Button';
import { Dialog } from '../ui/Dialog';
import { Skeleton } from '../ui/Skeleton';
import { useLateFocus } from '../ui/use-late-focus';
import { labelForm, missingLabels, type AddedLabel } from './label-form';
import { LabelField } from './LabelField';
import { NodePreview } from './NodePreview';
import { placesVersion, useNode } from './use-node';

/** What the dashboard itself does with a label. */
const OWN_LABELS: Readonly<Record<string, string>> = {
  [PORT_LABEL]: 'Decides the node’s place on the HAT.',
  [DRILL_LABEL]: 'Set by a failure drill, which restores this availability at its end.',
};

/** The labels of a node: adds, changes and removes several at once. What others change meanwhile is kept. */
export function LabelsDialog({ action, onClose }: ActionProps<'labels'>) {
  const { node, name, gone, view } = useNode(action.node);
  const path = `api/nodes/${encodeURIComponent(action.node)}` as const;
  const loaded = useDetails<NodeDetails>(node && path, [node?.version, placesVersion(view)].join());
  const [edits, setEdits] = useState<ReadonlyMap<string, string | null>>(new Map());
  const [added, setAdded] = useState<readonly AddedLabel[]>([]);
  const adder = useRef<HTMLButtonElement>(null);
  const fields = useLateFocus<HTMLDivElement>(loaded.data !== null);
  const form = labelForm(loaded.data?.labels ?? [], edits, added);
  const block = useBlock('change', 'node');
  const change: ChangeRequest | null = form.patch && { method: 'PATCH', path, body: form.patch };
  const dryRun = useDryRun<NodeDryRun>(block || gone ? null : change, placesVersion(view));
  const { sending, problem, send } = useSend<{ changed: boolean }>(({ changed }) => {
    onClose();
    const undo = dryRun.answer?.undo;
    reportOutcome({
      text: changed ? `The labels of ${name} are changed.` : `${name} had these labels already.`,
      ...(changed && undo && { undo: { kind: 'node', node: action.node, patch: undo } }),
    });
  });
  const command =
    node && view && form.patch ? nodeCommand(dockerNode(view.nodes, node), form.patch) : null;
  useEffect(() => {
    // The command takes its room from the fields: the one that is typed into stays in sight.
    if (command === null) return;
    document.activeElement?.closest('[data-label]')?.scrollIntoView({ block: 'nearest' });
  }, [command]);
  const confirm = () => {
    if (change && !sending && !block && !gone) send(change);
  };
  const rules = loaded.data?.labelRules ?? [];
  const edit = (label: string, value: string | null | undefined) =>
    setEdits((before) => {
      const next = new Map(before);
      if (value === undefined) next.delete(label);
      else next.set(label, value);
      return next;
    });
  const editAdded = (rowKey: string, next: Partial<AddedLabel>) =>
    setAdded((before) =>
      before.map((one) => (`+${one.key}` === rowKey ? { ...one, ...next } : one)),
    );
  const add = (label = '', value = '') => {
    const key = (added.at(-1)?.key ?? 0) + 1;
    // A removed label that comes back is a changed one.
    if (label !== '' && form.rows.some((row) => row.key === label)) edit(label, value);
    else setAdded((before) => [...before, { key, name: label, value }]);
  };
  const refusals = new Map(problem?.errors?.map(({ field, message }) => [field, message]));
  const unplaced = problem && !problem.errors?.some(({ field }) => field.startsWith('labels.'));
  return (
    <Dialog title={`Labels of ${name}`} onClose={onClose}>
      <form
        className="flex h-112 max-h-[calc(100dvh-8rem)] flex-col gap-3"
        data-action
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          confirm();
        }}
      >
        <div ref={fields} className="scrolls relative -m-1 min-h-0 flex-1 space-y-3 p-1">
          <p className="text-dim">Services choose their nodes by labels.</p>
          {loaded.problem && !loaded.data && <ProblemText problem={loaded.problem} />}
          {!loaded.data && !loaded.problem && <Skeleton className="h-24" />}
          {loaded.data && (
            <>
              <ul className="space-y-3" aria-label="Labels">
                {form.rows.map((row) => (
                  <LabelField
                    key={row.key}
                    row={row}
                    refused={refusals.get(`labels.${row.name}`) ?? null}
                    note={OWN_LABELS[row.name] ?? null}
                    rules={rules.filter(({ label }) => label === row.name)}
                    onName={(next) => editAdded(row.key, { name: next })}
                    onValue={(next) =>
                      row.state === 'added'
                        ? editAdded(row.key, { value: next })
                        : edit(row.name, next)
                    }
                    onRemove={() => {
                      if (row.state !== 'added') return edit(row.name, null);
                      setAdded((before) => before.filter(({ key }) => `+${key}` !== row.key));
                      // The button that was pressed goes with its row.
                      adder.current?.focus();
                    }}
                    onUndo={() => edit(row.name, undefined)}
                  />
                ))}
              </ul>
              <div className="flex flex-wrap gap-2">
                <Button ref={adder} onClick={() => add()}>
                  Add label
                </Button>
                {missingLabels(rules, form.rows).map((one) => (
                  <Button
                    key={`${one.name}=${one.value}`}
                    className="max-w-full text-xs wrap-anywhere whitespace-pre-wrap"
                    onClick={() => add(one.name, one.value)}
                  >
                    {`Add ${one.name}=${one.value} for ${one.services.join(', ')}`}
                  </Button>
                ))}
              </div>
              {form.patch && dryRun.answer?.tasks && (
                <section aria-label="What would happen" aria-live="polite" className="space-y-3">
                  <NodePreview preview={dryRun.answer.tasks} />
                </section>
              )}
              {!dryRun.answer && dryRun.problem && <ProblemText problem={dryRun.problem} />}
            </>
          )}
        </div>
        {command !== null && <EquivalentCommand command={command} />}
        <ActionFooter
          block={block}
          problem={unplaced ? problem : null}
          refused={sending ? null : gone}
          confirm="Save"
          sending={sending}
          ready={form.patch !== null}
          onConfirm={confirm}
          onClose={onClose}
        />
      </form>
    </Dialog>
  );
}

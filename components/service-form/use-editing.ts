import { useCallback, useEffect, useRef, useState } from 'react';
import { callApi, type ShownProblem } from '@/lib/client/request';
import type { ServiceDetails } from '@/lib/swarm/spec/answers';
import { dropDraft, keepDraft, readDraft } from './drafts';
import { dismissTheirs, hideValues, receive, type Editing } from './editing';
import type { FormState } from './form-state';
import { isChangedForm } from './request-body';
import { useSettled } from './use-settled';

/** The form of a service, loaded and loaded again when the service changes. */
export function useEditing(service: string, version: number | undefined) {
  const [editing, setEditing] = useState<Editing | null>(() => readDraft<Editing>(service) ?? null);
  const [problem, setProblem] = useState<ShownProblem | null>(null);
  const latest = useRef(editing);
  /** The number of the last request: earlier ones are obsolete. */
  const count = useRef(0);
  useEffect(() => {
    latest.current = editing;
  });
  const load = useCallback(
    async (secrets: boolean) => {
      const own = ++count.current;
      const path = `api/services/${encodeURIComponent(service)}` as const;
      const result = await callApi<ServiceDetails>('GET', secrets ? `${path}?secrets` : path);
      if (own !== count.current) return;
      setProblem(result.ok ? null : result.problem);
      if (result.ok) setEditing((before) => receive(before, result.data, result.etag ?? ''));
    },
    [service],
  );
  const reload = useCallback(() => load(latest.current?.hidden === false), [load]);
  // A rolling update raises the version several times a second.
  const settled = useSettled(String(version));
  const isGone = version === undefined && editing !== null;
  useEffect(() => {
    if (isGone) return;
    void reload();
    // Again whenever the service has changed.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [reload, settled, isGone]);
  useEffect(() => {
    if (!editing) return;
    if (isChangedForm(editing.loaded, editing.state)) keepDraft(service, editing);
    else dropDraft(service);
  }, [service, editing]);
  return {
    editing,
    /** Why the service could not be loaded. */
    problem,
    reload: () => void reload(),
    showValues: () => void load(true),
    hideValues() {
      // An answer with values that is on its way is obsolete.
      count.current++;
      setEditing((before) => before && hideValues(before));
    },
    setState: (change: (state: FormState) => FormState) =>
      setEditing((before) => before && { ...before, state: change(before.state) }),
    discard: () =>
      setEditing((before) => before && { ...dismissTheirs(before), state: before.loaded }),
    dismiss: () => setEditing((before) => before && dismissTheirs(before)),
  };
}

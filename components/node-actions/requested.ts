import { useEffect, useSyncExternalStore } from 'react';
import type { NodePatch } from '@/lib/swarm/spec/node-form';
import type { NodeView } from '@/lib/swarm/view';

/** What the engine has accepted for a node, until the view has it. */
export interface Requested {
  patch: Pick<NodePatch, 'availability' | 'role'>;
  removed: boolean;
}

/** How long the view may show something else (ms): another change can have overtaken the request. */
const OVERTAKEN_MS = 5000;

const requests = new Map<string, Requested>();
const timers = new Map<string, ReturnType<typeof setTimeout>>();
const listeners = new Set<() => void>();

function set(nodeId: string, next: Requested | null) {
  clearTimeout(timers.get(nodeId));
  timers.delete(nodeId);
  if (next) {
    requests.set(nodeId, next);
    timers.set(
      nodeId,
      setTimeout(() => set(nodeId, null), OVERTAKEN_MS),
    );
  } else if (!requests.delete(nodeId)) return;
  for (const listener of listeners) listener();
}

/** Notes what the engine has accepted. */
export function reportRequested(
  nodeId: string,
  { availability, role }: NodePatch,
  removed = false,
) {
  const patch = {
    ...(availability !== undefined && { availability }),
    ...(role !== undefined && { role }),
  };
  if (removed || Object.keys(patch).length > 0) set(nodeId, { patch, removed });
}

/** What a request will make of a node, in words; null once the view shows it. */
export function requestedWords(
  { patch: { availability, role }, removed }: Requested,
  node: Pick<NodeView, 'availability' | 'role'>,
): string | null {
  const waits = [
    ...(removed ? ['removal'] : []),
    ...(availability !== undefined && availability !== node.availability ? [availability] : []),
    ...(role !== undefined && role !== node.role ? [role] : []),
  ];
  return waits.length === 0 ? null : `Requested: ${waits.join(', ')}.`;
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** What was requested of a node on this page and is not shown yet, a sentence; null: nothing. */
export function useRequested(node: NodeView): string | null {
  const requested = useSyncExternalStore(
    subscribe,
    () => requests.get(node.id) ?? null,
    () => null,
  );
  const words = requested && requestedWords(requested, node);
  useEffect(() => {
    if (requested && words === null) set(node.id, null);
  }, [requested, words, node.id]);
  return words;
}

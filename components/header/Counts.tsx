'use client';

import { useView } from '@/lib/client/hooks';
import { Pill } from '../ui/Pill';
import { StatusArea } from '../ui/StatusArea';
import { Term } from '../ui/Term';

/** What the server counts, in its order. */
const TERMS = ['node', 'service', 'task'] as const;

/** The numbers of nodes, services and running tasks, and the engine that reported them. */
export function Counts() {
  const view = useView();
  if (!view) return null;
  return (
    <StatusArea>
      {view.counts.map(({ tone, value, label }, at) => (
        // On phones the mini board has the tasks.
        <Pill key={at} tone={tone} className={at === 2 ? 'max-sm:hidden' : ''}>
          <b>{value}</b> <Term id={TERMS[at] ?? 'node'}>{label}</Term>
        </Pill>
      ))}
      <span className="lg:ml-auto" />
      {view.engine.demo && (
        // Beside little room: the line below the header says it too.
        <Pill className="wide:max-xl:hidden">
          <b className="text-accent">demo swarm</b>
        </Pill>
      )}
      <Pill className="min-w-0 [&>span]:truncate">{view.engine.label}</Pill>
    </StatusArea>
  );
}

'use client';

import { useState } from 'react';
import type { SwarmView } from '@/lib/swarm/view';
import { useView } from '../live/hooks';
import { CopyCommand } from '../ui/CopyCommand';
import { Tabs } from '../ui/Tabs';
import { NodeTable } from './NodeTable';
import { ServiceTable } from './ServiceTable';
import { TaskTable } from './TaskTable';

type Id = 'tasks' | 'nodes' | 'services';

const TABS = [
  { id: 'tasks', label: 'Tasks' },
  { id: 'nodes', label: 'Nodes' },
  { id: 'services', label: 'Services' },
] as const;

const TABLES = { tasks: TaskTable, nodes: NodeTable, services: ServiceTable };

/** Docker's own tables, so that what is learnt here holds in a terminal, with the command to copy. */
export function Tables() {
  const view = useView();
  const [tab, setTab] = useState<Id>('tasks');
  const Table = TABLES[tab];
  return (
    <section className="card" aria-label="Docker's tables">
      <Tabs label="Docker's tables" tabs={TABS} value={tab} onChange={setTab}>
        <CopyCommand
          className="mb-3"
          command={commandFor(tab, view)}
          label="the command that prints this table"
        />
        {/* Scrolls by itself, never the page sideways. */}
        <div
          className="max-h-[70vh] overflow-auto"
          // So that the keyboard can scroll it too, in browsers that need to be told.
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
          tabIndex={0}
          role="group"
          aria-label={`${tab} table`}
        >
          {view && <Table view={view} />}
        </div>
        {view && view[tab].length === 0 && <p className="py-3 text-dim">No {tab}.</p>}
      </Tabs>
    </section>
  );
}

function commandFor(tab: Id, view: SwarmView | null): string {
  if (tab === 'nodes') return 'docker node ls';
  if (tab === 'services') return 'docker service ls';
  const names = view?.services.map(({ name }) => name) ?? [];
  if (names.length === 0) return 'docker service ps SERVICE';
  return names.length > 4
    ? 'docker service ps $(docker service ls -q)'
    : `docker service ps ${names.join(' ')}`;
}

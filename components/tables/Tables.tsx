'use client';

import { useEffect, useState } from 'react';
import { shell } from '@/lib/swarm/shell';
import type { SwarmView } from '@/lib/swarm/view';
import { FixedNow } from '@/lib/client/clock';
import { usePast, useView } from '@/lib/client/hooks';
import { readParameter, setParameter } from '@/lib/client/page-address';
import { reportLinkProblem } from '../link/link-problems';
import { Box } from '../ui/Box';
import { CopyCommand } from '../ui/CopyCommand';
import { lazyPart } from '../ui/lazy-part';
import { Tabs } from '../ui/Tabs';
import { NodeTable } from './NodeTable';
import { ServiceTable } from './ServiceTable';
import { TaskTable } from './TaskTable';

type TabId = 'tasks' | 'nodes' | 'services' | 'timeline';

const TABS = [
  { id: 'tasks', label: 'Tasks' },
  { id: 'nodes', label: 'Nodes' },
  { id: 'services', label: 'Services' },
  { id: 'timeline', label: 'Timeline' },
] as const;

const TABLES = { tasks: TaskTable, nodes: NodeTable, services: ServiceTable };

const Timeline = lazyPart(() => import('../timeline/Timeline').then((part) => part.Timeline));

/** The tables of the docker CLI, each with its command, and the timeline. */
export function Tables() {
  const view = useView();
  const past = usePast();
  const [tab, setTab] = useState(linkedTab);
  useEffect(reportUnknownTab, []);
  const changeTab = (next: TabId) => {
    setTab(next);
    setParameter('tab', next === 'tasks' ? null : next);
  };
  return (
    <Box aria-label="Tables and timeline">
      <Tabs label="Tables and timeline" tabs={TABS} value={tab} onChange={changeTab}>
        {tab === 'timeline' ? (
          <Timeline fallback={<div className="min-h-120" aria-busy="true" />} />
        ) : (
          <FixedNow value={past?.at ?? null}>
            <CliView key={tab} tab={tab} view={past?.view ?? view} past={past !== null} />
          </FixedNow>
        )}
      </Tabs>
    </Box>
  );
}

/** The tab of the page's address, else the tasks. */
function linkedTab(): TabId {
  const linked = readParameter('tab');
  return TABS.find(({ id }) => id === linked)?.id ?? 'tasks';
}

function reportUnknownTab() {
  const tab = readParameter('tab');
  if (tab !== null && tab !== linkedTab()) {
    reportLinkProblem(`Link has invalid tab=${tab.slice(0, 40)}; showing Tasks.`);
  }
}

function CliView({
  tab,
  view,
  past,
}: {
  tab: keyof typeof TABLES;
  view: SwarmView | null;
  past: boolean;
}) {
  const Table = TABLES[tab];
  const refused = view?.notices.find(({ id }) => id === `refused:${tab.toUpperCase()}`);
  return (
    <>
      {past ? (
        <p className="mb-3 text-warn">Past state: the {tab} at the time that the board shows.</p>
      ) : (
        <CopyCommand
          className="mb-3"
          command={commandFor(tab, view)}
          label="the command for this table"
        />
      )}
      {refused ? (
        <p className="text-warn">
          {refused.text} {refused.next}
        </p>
      ) : (
        view && <Table view={view} />
      )}
    </>
  );
}

function commandFor(tab: TabId, view: SwarmView | null): string {
  if (tab === 'nodes') return 'docker node ls';
  if (tab === 'services') return 'docker service ls';
  const names = view?.services.map(({ name }) => name) ?? [];
  if (names.length === 0) return 'docker service ps SERVICE';
  return names.length > 4
    ? 'docker service ps $(docker service ls -q)'
    : shell`docker service ps ${names}`;
}

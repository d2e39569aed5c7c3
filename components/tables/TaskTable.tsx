'use client';

import { memo, useCallback, useMemo } from 'react';
import { COLUMNS, inOrder, taskRows, type TaskRow } from '@/lib/swarm/cli';
import { nodeNames } from '@/lib/swarm/node-names';
import type { SwarmView, TaskView } from '@/lib/swarm/view';
import { useNow } from '@/lib/client/hooks';
import { CliTable } from '../ui/CliTable';
import { Help } from '../ui/Help';
import type { Badge } from '@/lib/client/use-badges';
import { SlotBadge } from '../ui/SlotBadge';
import { useBadges } from '@/lib/client/use-badges';
import { ColumnHeads } from './ColumnHeads';
import { PagedTable } from './PagedTable';

const TERMS = {
  ID: 'task',
  NAME: 'slot',
  NODE: 'node',
  'DESIRED STATE': 'desired state',
  'CURRENT STATE': 'current state',
  PORTS: 'published port',
} as const;

/** The output of `docker service ps` for all services, with history. Docker truncates errors; the title has the whole text. */
export function TaskTable({ view }: { view: SwarmView }) {
  const { nodes, goneNodes, tasks } = view;
  const badgeOf = useBadges(view);
  // Before they are cut into pages: the row before a page is the one above its first.
  const sorted = useMemo(() => inOrder(tasks), [tasks]);
  const names = useMemo(() => nodeNames({ nodes, goneNodes }), [goneNodes, nodes]);
  const searchText = useCallback(
    ({ id, name, image, nodeId, state, error }: TaskView) =>
      `${id} ${name} ${image} ${names.get(nodeId ?? '') ?? ''} ${state} ${error}`,
    [names],
  );
  return (
    <PagedTable noun="tasks" hint="service, node, state, error …" items={sorted} text={searchText}>
      {(page, before) => (
        <Page nodes={nodes} goneNodes={goneNodes} tasks={page} before={before} badgeOf={badgeOf} />
      )}
    </PagedTable>
  );
}

function Page({
  nodes,
  goneNodes,
  tasks,
  before,
  badgeOf,
}: Pick<SwarmView, 'nodes' | 'goneNodes'> & {
  tasks: readonly TaskView[];
  before: TaskView | undefined;
  badgeOf: ReturnType<typeof useBadges>;
}) {
  const now = useNow();
  // `taskRows` indents an older task of a slot, so it needs the row before the page.
  const listed = before ? [before, ...tasks] : [...tasks];
  const rows = taskRows({ nodes, goneNodes, tasks: listed }, now);
  return (
    <CliTable>
      <caption className="sr-only">Tasks, as docker service ps prints them</caption>
      <ColumnHeads names={COLUMNS['service ps']} terms={TERMS} />
      <tbody>
        {rows.slice(before ? 1 : 0).map(({ task, ...cells }) => (
          <Row
            key={task.id}
            {...cells}
            badge={badgeOf(task)}
            fullError={task.error}
            help={task.help}
          />
        ))}
      </tbody>
    </CliTable>
  );
}

/** Memoized: a page has up to 100 rows, and their ages are computed once a second. */
const Row = memo(function Row({
  badge,
  fullError,
  help,
  ...row
}: Omit<TaskRow, 'task'> & { badge: Badge; fullError: string; help: string | null }) {
  return (
    <tr className={row.past ? 'text-dim' : ''}>
      <td>{row.id}</td>
      <td className="whitespace-pre">
        <span className="inline-flex items-center gap-2">
          {!row.past && <SlotBadge slot={badge} />}
          {row.name}
        </span>
      </td>
      <td>{row.image}</td>
      <td>{row.node}</td>
      <td>{row.desired}</td>
      <td>{row.current}</td>
      <td className="text-bad" title={fullError}>
        {row.error} {help && <Help id={help} about={`error of ${row.id}`} />}
      </td>
      <td>{row.ports}</td>
    </tr>
  );
});

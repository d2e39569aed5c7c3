'use client';

import { useMemo } from 'react';
import { usePast } from '@/lib/client/hooks';
import { COLUMNS, nodeRows, type NodeRow } from '@/lib/swarm/cli';
import type { SwarmView } from '@/lib/swarm/view';
import { ActionButton } from '../actions/ActionButton';
import { CliTable } from '../ui/CliTable';
import { ColumnHeads } from './ColumnHeads';
import { PagedTable } from './PagedTable';

const TERMS = {
  HOSTNAME: 'node',
  AVAILABILITY: 'availability',
  'MANAGER STATUS': 'manager',
} as const;

/** The output of `docker node ls`. */
export function NodeTable({ view }: { view: SwarmView }) {
  const { nodes } = view;
  const past = usePast();
  const rows = useMemo(() => nodeRows({ nodes }), [nodes]);
  return (
    <>
      <PagedTable noun="nodes" hint="name, down, drain, leader …" items={rows} text={searchText}>
        {(page) => (
          <CliTable>
            <caption className="sr-only">Nodes, as docker node ls prints them</caption>
            <ColumnHeads names={COLUMNS['node ls']} terms={TERMS} />
            <tbody>
              {page.map((row) => (
                <tr key={row.id}>
                  <td className="whitespace-pre">
                    {row.id} {row.here ? '*' : ' '}
                  </td>
                  <td>{row.hostname}</td>
                  <td className={row.status === 'Ready' ? '' : 'text-bad'}>{row.status}</td>
                  <td className={row.availability === 'Active' ? '' : 'text-warn'}>
                    {row.availability}
                  </td>
                  <td>{row.managerStatus}</td>
                  <td>{row.engineVersion}</td>
                </tr>
              ))}
            </tbody>
          </CliTable>
        )}
      </PagedTable>
      {!past && (
        <div className="mt-3">
          <ActionButton action={{ kind: 'join' }}>Add a node</ActionButton>
        </div>
      )}
    </>
  );
}

function searchText({ id, hostname, status, availability, managerStatus, engineVersion }: NodeRow) {
  return `${id} ${hostname} ${status} ${availability} ${managerStatus} ${engineVersion}`;
}

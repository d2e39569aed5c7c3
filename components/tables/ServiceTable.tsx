'use client';

import { useMemo } from 'react';
import { expectedTasks } from '@/lib/swarm/replicas';
import { COLUMNS, serviceRows, type ServiceRow } from '@/lib/swarm/cli';
import { openPorts } from '@/lib/swarm/open-url';
import type { ServiceView, SwarmView } from '@/lib/swarm/view';
import { CliTable } from '../ui/CliTable';
import { ColumnHeads } from './ColumnHeads';
import { OpenLinks } from './OpenLinks';
import { PagedTable } from './PagedTable';

const TERMS = {
  NAME: 'service',
  MODE: 'mode',
  REPLICAS: 'replica',
  PORTS: 'published port',
} as const;

/** The output of `docker service ls`. */
export function ServiceTable({ view }: { view: SwarmView }) {
  const { services } = view;
  const rows = useMemo(() => serviceRows({ services }), [services]);
  return (
    <PagedTable noun="services" hint="name, mode, image, port …" items={rows} text={searchText}>
      {(page) => (
        <CliTable>
          <caption className="sr-only">Services, as docker service ls prints them</caption>
          <ColumnHeads names={COLUMNS['service ls']} terms={TERMS} />
          <tbody>
            {page.map((row) => (
              <tr key={row.service.id}>
                <td>{row.id}</td>
                <td>{row.name}</td>
                <td>{row.mode}</td>
                <td
                  className={row.service.running === expectedTasks(row.service) ? '' : 'text-warn'}
                >
                  {row.replicas}
                </td>
                <td>{row.image}</td>
                <td>
                  {row.ports}
                  <OpenLinks urls={urlsOf(row.service, view.nodes)} />
                </td>
              </tr>
            ))}
          </tbody>
        </CliTable>
      )}
    </PagedTable>
  );
}

/** As many ports of a service have a link. */
const MOST_LINKS = 3;

function urlsOf(service: ServiceView, nodes: SwarmView['nodes']): string[] {
  const urls = openPorts(service, nodes, location.hostname).flatMap(({ url }) => url ?? []);
  return urls.slice(0, MOST_LINKS);
}

function searchText({ id, name, mode, image, ports }: ServiceRow) {
  return `${id} ${name} ${mode} ${image} ${ports}`;
}

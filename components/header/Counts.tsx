'use client';

import { useView } from '@/lib/client/hooks';
import { expectedTasks } from '@/lib/swarm/replicas';
import { Pill } from '../ui/Pill';

/** The numbers of nodes, services and running tasks, and the engine that reported them. */
export function Counts() {
  const view = useView();
  if (!view) return null;
  const ready = view.nodes.filter(({ state }) => state === 'ready').length;
  const running = view.services.reduce((sum, service) => sum + service.running, 0);
  const wanted = view.services.reduce((sum, service) => sum + expectedTasks(service), 0);
  const { name, version, apiVersion, demo } = view.engine;
  return (
    <>
      <Pill tone={ready === view.nodes.length ? 'ok' : 'bad'}>
        <b>
          {ready}/{view.nodes.length}
        </b>{' '}
        nodes ready
      </Pill>
      <Pill>
        <b>{view.services.length}</b> {view.services.length === 1 ? 'service' : 'services'}
      </Pill>
      <Pill tone={running === wanted ? 'ok' : 'warn'}>
        <b>
          {running}/{wanted}
        </b>{' '}
        tasks running
      </Pill>
      <span className="lg:ml-auto" />
      {demo && (
        <Pill>
          <b className="text-accent">demo swarm</b>
        </Pill>
      )}
      <Pill>
        {name} · Docker {version} · API {apiVersion}
      </Pill>
    </>
  );
}

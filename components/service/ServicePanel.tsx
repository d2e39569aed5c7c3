'use client';

import { useId, useState } from 'react';
import type { PortView, ServiceView, SwarmView } from '@/lib/swarm/view';
import { useView } from '../live/hooks';
import { Card } from '../ui/Card';
import { CopyCommand } from '../ui/CopyCommand';
import { Progress } from './Progress';
import { Scaler } from './Scaler';
import { useScale } from './use-scale';

/** What the seed's tutorial types to begin: three replicas of the echo service. */
const FIRST_SERVICE =
  'docker service create --name goweb --replicas 3 --publish published=8888,target=8080 carmeloc/goweb:1.0';

/** One service: what was asked for, what runs, and the buttons that ask for another number. */
export function ServicePanel() {
  const view = useView();
  const [chosen, choose] = useState<string | null>(null);
  const service = view && pick(view.services, chosen);
  if (view && service) {
    return <Chosen key={service.id} view={view} service={service} onChoose={choose} />;
  }
  if (view) return <NoService />;
  return (
    <Card title="Service">
      <div className="skeleton h-100" aria-label="Waiting for the first picture" />
    </Card>
  );
}

/** The chosen one while it exists; else the echo service, else the first that can be scaled. */
function pick(services: readonly ServiceView[], chosen: string | null): ServiceView | undefined {
  return (
    services.find(({ id }) => id === chosen) ??
    services.find(({ echo }) => echo) ??
    services.find(({ mode }) => mode === 'replicated') ??
    services[0]
  );
}

function Chosen({
  view,
  service,
  onChoose,
}: {
  view: SwarmView;
  service: ServiceView;
  onChoose: (id: string) => void;
}) {
  const scale = useScale(service);
  const { name, mode, image, ports } = service;
  return (
    <Card title={name} note={<Chooser view={view} service={service} onChoose={onChoose} />}>
      <p className="-mt-2 font-mono text-xs text-dim">
        {[image, ...ports.map(portText)].join(' · ')}
      </p>
      {mode === 'replicated' ? (
        <Scaler service={service} scale={scale} />
      ) : (
        <p className="my-4 text-dim">{modeWords(service)}</p>
      )}
      <Progress view={view} service={service} wanted={scale.queue.wanted} />
      {mode === 'replicated' && (
        <CopyCommand
          className="mt-3"
          label="the scale command"
          command={`docker service scale ${name}=${scale.shown}`}
        />
      )}
    </Card>
  );
}

function Chooser({
  view,
  service,
  onChoose,
}: {
  view: SwarmView;
  service: ServiceView;
  onChoose: (id: string) => void;
}) {
  const id = useId();
  if (view.services.length < 2) return null;
  return (
    <>
      <label htmlFor={id} className="sr-only">
        Service shown
      </label>
      <select
        id={id}
        className="field max-w-full text-xs"
        value={service.id}
        onChange={(event) => onChoose(event.target.value)}
      >
        {view.services.map((other) => (
          <option key={other.id} value={other.id}>
            {`${other.name} ${other.running}/${other.wanted}`}
          </option>
        ))}
      </select>
    </>
  );
}

function portText({ published, target, protocol, mode }: PortView): string {
  if (published === null) return `${target}/${protocol}`;
  const where = mode === 'ingress' ? '*' : 'its node';
  return `${where}:${published}→${target}/${protocol}`;
}

function modeWords({ mode, name }: ServiceView): string {
  if (mode === 'global') {
    return `${name} is a global service: swarm runs one task of it on every node that takes tasks, and one more on each node that joins. There is no number to scale.`;
  }
  return `${name} is a job: its tasks run to their end once, so there is no number to keep up.`;
}

function NoService() {
  return (
    <Card title="No service yet">
      <p className="mb-3 text-dim">
        Type this on a manager: swarm starts three replicas of the echo service on your nodes, and
        every node answers on port 8888. This page shows it as it happens.
      </p>
      <CopyCommand command={FIRST_SERVICE} label="the command that creates the echo service" />
    </Card>
  );
}

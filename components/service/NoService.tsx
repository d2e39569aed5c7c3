'use client';

import { useView } from '@/lib/client/hooks';
import { ActionButton } from '../actions/ActionButton';
import { Card } from '../ui/Card';
import { CopyCommand } from '../ui/CopyCommand';

/** The tutorial's first command: three replicas of the echo service. */
const FIRST_SERVICE =
  'docker service create --name goweb --replicas 3 --publish 8888:8080 carmeloc/goweb:1.0';

/** Shown without a service: how to create one and what happens then, or why none is known. */
export function NoService() {
  const refused = useView()?.notices.find(({ id }) => id === 'refused:SERVICES');
  if (refused) {
    return (
      <Card title="Services unknown">
        <p className="text-warn">
          {refused.text} {refused.next}
        </p>
      </Card>
    );
  }
  return (
    <Card title="No service yet">
      <p className="mb-3 text-dim">
        Swarm starts three replicas of the echo service on your nodes, and every node answers on
        port 8888. This page shows it as it happens.
      </p>
      <div className="mb-3">
        <ActionButton action={{ kind: 'create' }} look="primary">
          Create service
        </ActionButton>
      </div>
      <p className="mb-1 text-xs text-dim">The same, typed on a manager:</p>
      <CopyCommand command={FIRST_SERVICE} label="the command that creates the echo service" />
    </Card>
  );
}

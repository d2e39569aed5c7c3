import type { ReactNode } from 'react';
import { useStartCommand } from '@/lib/client/start-command';
import { shell } from '@/lib/swarm/shell';
import { CopyCommand } from '../ui/CopyCommand';
import { Prose } from '../ui/Prose';
import { Skeleton } from '../ui/Skeleton';

/**
 * How to use the `docker` command on the demo, and how to show a real swarm. `dockerHost`: null for
 * viewers who may not change the swarm, undefined while it is loading.
 */
export function ConnectHelp({ dockerHost }: { dockerHost: string | null | undefined }) {
  const start = useStartCommand();
  let connect: ReactNode = <Skeleton className="h-12" />;
  if (dockerHost) {
    connect = (
      <CopyCommand
        command={shell`export DOCKER_HOST=${dockerHost}`}
        label="the command that connects docker to the demo"
      />
    );
  } else if (dockerHost === null) {
    connect = (
      <p className="text-warn">The socket’s path is shown to those who may change the swarm.</p>
    );
  }
  return (
    <div className="grid gap-3">
      <div>
        <p className="mb-1">
          <Prose text="The demo serves Docker’s own API. To use the `docker` command on it, in a terminal on the machine that runs this page:" />
        </p>
        {connect}
        <p className="mt-1 text-xs text-dim">
          <Prose text="Then `docker node ls`, `docker service scale goweb=5`, `docker service update --image carmeloc/goweb:1.1 goweb`." />
        </p>
      </div>
      <div>
        <p className="mb-1">
          Your own swarm: start the dashboard on its manager, where it finds the engine by itself,
          or here, over ssh:
        </p>
        <CopyCommand
          command={`DOCKER_HOST=ssh://pi@ctrl ${start}`}
          label="the command that shows a real swarm"
        />
      </div>
    </div>
  );
}

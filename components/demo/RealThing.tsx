import { shell } from '@/lib/swarm/shell';
import { useStartCommand } from '@/lib/client/start-command';
import { CopyCommand } from '../ui/CopyCommand';
import { Skeleton } from '../ui/Skeleton';

/**
 * How to use `docker` on the demo from a terminal, and how to see a real swarm instead. `dockerHost`:
 * null to those who may only read, undefined before it is known.
 */
export function RealThing({ dockerHost }: { dockerHost: string | null | undefined }) {
  return (
    <div className="mt-3 grid gap-3">
      <div>
        <p className="mb-1">
          It speaks Docker&apos;s own API. In a terminal on the machine that runs this page, the{' '}
          <code className="font-mono">docker</code> command works on it:
        </p>
        {dockerHost ? (
          <CopyCommand
            command={shell`export DOCKER_HOST=${dockerHost}`}
            label="the line that points docker at the demo"
          />
        ) : dockerHost === null ? (
          <p className="text-warn">
            The socket&apos;s path is shown only to those who may change the swarm.
          </p>
        ) : (
          <Skeleton className="h-12" />
        )}
        <p className="mt-1 text-xs text-dim">
          Then <code className="font-mono">docker node ls</code>,{' '}
          <code className="font-mono">docker service scale goweb=5</code>,{' '}
          <code className="font-mono">docker service update --image carmeloc/goweb:1.1 goweb</code>.
        </p>
      </div>
      <div>
        <p className="mb-1">
          Your own swarm: start the dashboard on its manager, where it finds the engine by itself.
          Or from here, over ssh:
        </p>
        <CopyCommand
          command={`DOCKER_HOST=ssh://pi@ctrl ${useStartCommand()}`}
          label="the command that shows a real swarm"
        />
      </div>
    </div>
  );
}

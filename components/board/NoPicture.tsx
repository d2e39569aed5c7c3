'use client';

import type { Connection } from '@/lib/client/hooks';
import { useStartCommand } from '@/lib/client/start-command';
import { Help } from '../ui/Help';
import { CopyCommand } from '../ui/CopyCommand';
import { Prose } from '../ui/Prose';
import { Box } from '../ui/Box';

/** What to type for each reason why there is no swarm to show; `$START` is what starts the dashboard. */
const WAYS: Record<string, readonly (readonly [what: string, command: string])[]> = {
  'socket-missing': [
    ['Is the engine running? Start it:', 'sudo systemctl start docker'],
    ['Or look at another engine:', 'DOCKER_HOST=ssh://pi@ctrl $START'],
    ['Or try everything without a swarm:', 'CLUSTERHAT_DEMO=1 $START'],
  ],
  'socket-permission': [
    ['Let your user reach the engine, then log in again:', 'sudo usermod -aG docker "$USER"'],
  ],
  'engine-stopped': [['Start the engine:', 'sudo systemctl start docker']],
  'not-a-manager': [
    ['On a manager, make this node one:', 'docker node promote NODE'],
    ['Or start the dashboard on a manager. To see which nodes are:', 'docker node ls'],
  ],
  'no-swarm': [
    ['Make this engine the first manager of a swarm:', 'docker swarm init'],
    ['Or try everything without a swarm:', 'CLUSTERHAT_DEMO=1 $START'],
  ],
  'swarm-locked': [['Unlock the swarm with its key:', 'docker swarm unlock']],
  'no-quorum': [
    [
      'Bring the lost managers back. If they are gone for good:',
      'docker swarm init --force-new-cluster',
    ],
  ],
};

/** There never was a picture, and this is why: in one sentence, with what to type. */
export function NoPicture({ problem }: { problem: Connection['problem'] }) {
  const start = useStartCommand();
  const ways = WAYS[problem?.kind ?? ''] ?? [];
  return (
    <section className="hat" aria-labelledby="no-picture">
      <span aria-hidden className="silk hat-name">
        ClusterHAT
      </span>
      <Box className="mx-auto my-6 max-w-2xl text-ink">
        <h2 id="no-picture" className="mb-2 text-lg">
          {problem?.detail ?? 'There is no swarm to show yet.'}
        </h2>
        <p className="mb-4 text-dim">
          <Prose text={problem?.next ?? ''} /> This page looks again by itself and shows the swarm
          as soon as it answers.{' '}
          <Help id={problem?.kind ?? 'stale'} about="why there is no picture" />
        </p>
        {ways.map(([what, command]) => (
          <div key={command} className="mb-3">
            <p className="mb-1">{what}</p>
            <CopyCommand
              command={command.replace('$START', start)}
              label={what.replace(/:$/, '')}
            />
          </div>
        ))}
      </Box>
    </section>
  );
}

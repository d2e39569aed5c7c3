'use client';

import type { Connection } from '@/lib/client/hooks';
import { useStartCommand } from '@/lib/client/start-command';
import { Help } from '../ui/Help';
import { COPY_SWARM_STATE, FORGET_SWARM, RESTORE_SWARM } from '@/lib/swarm/hints/cures';
import { CopyCommand } from '../ui/CopyCommand';
import { Prose } from '../ui/Prose';
import { Box } from '../ui/Box';
import { Hat } from './Hat';

const code = (command: string) => command.replaceAll('`', '');

/** Commands by kind of problem; `$START` is what starts the dashboard. */
const REMEDIES: Record<string, readonly (readonly [what: string, command: string])[]> = {
  'socket-missing': [
    ['Is the engine running? Start it:', 'sudo systemctl start docker'],
    ['Or use another engine:', 'DOCKER_HOST=ssh://pi@ctrl $START'],
    ['Or try everything without a swarm:', 'CLUSTERHAT_DEMO=1 $START'],
  ],
  'socket-permission': [
    ['Give your user access to the engine, then log in again:', 'sudo usermod -aG docker "$USER"'],
  ],
  'engine-stopped': [['Start the engine:', 'sudo systemctl start docker']],
  'not-a-manager': [
    ['Promote this node on a manager:', 'docker node promote NODE'],
    ['Or start the dashboard on a manager. List the managers:', 'docker node ls'],
  ],
  'no-swarm': [
    ['Make this engine the first manager of a swarm:', 'docker swarm init'],
    ['Or try everything without a swarm:', 'CLUSTERHAT_DEMO=1 $START'],
  ],
  'swarm-locked': [['Unlock the swarm with its key:', 'docker swarm unlock']],
  'swarm-certificate': [
    ['Check the clock, and set it from the network:', 'sudo timedatectl set-ntp true; timedatectl'],
    [
      'Then restart Docker. If the certificate is valid at the right time, this is enough:',
      'sudo systemctl restart docker',
    ],
    [
      'Really expired, on a worker or on a manager beside others that work: leave, then join with the command that docker swarm join-token prints on a manager. The swarm loses nothing:',
      'docker swarm leave',
    ],
    [
      'On the only manager never leave: that deletes all services, networks, secrets and configs, and does not ask. Copy its state first:',
      code(COPY_SWARM_STATE),
    ],
    ['Then move the engine’s record of its swarm aside, and start Docker:', code(FORGET_SWARM)],
    [
      'And start the swarm from its state, with the address that is in that file. It renews the certificate:',
      code(RESTORE_SWARM),
    ],
  ],
  'no-quorum': [
    [
      'Bring the lost managers back. If they are gone for good:',
      'docker swarm init --force-new-cluster',
    ],
  ],
};

/** Why there is no swarm to show, with the commands that help. */
export function NoSwarm({ problem }: { problem: Connection['problem'] }) {
  const start = useStartCommand();
  const remedies = REMEDIES[problem?.kind ?? ''] ?? [];
  return (
    <Hat>
      <Box aria-labelledby="no-swarm" className="mx-auto my-6 max-w-2xl text-ink">
        <h2 id="no-swarm" className="mb-2 text-lg">
          {problem?.detail ?? 'No swarm data yet.'}
        </h2>
        <p className="mb-4 text-dim">
          <Prose text={problem?.next ?? ''} /> This page retries by itself and shows the swarm as
          soon as the engine answers.{' '}
          <Help id={problem?.kind ?? 'stale'} about="why there is no swarm data" />
        </p>
        {remedies.map(([what, command]) => (
          <div key={command} className="mb-3">
            <p className="mb-1">{what}</p>
            <CopyCommand
              command={command.replace('$START', start)}
              label={what.replace(/:$/, '')}
            />
          </div>
        ))}
      </Box>
    </Hat>
  );
}

'use client';

import { useView } from '@/lib/client/hooks';
import type { ServiceView } from '@/lib/swarm/view';
import { useScale } from '../service/scale';
import { verifyTone } from '../service/verify-tone';
import { Box } from '../ui/Box';
import type { StageState } from './use-stage';

/** The service and its number of replicas, as large as it can be. */
export function StageService({ stage: { service }, stale }: { stage: StageState; stale: boolean }) {
  if (!service) return <NoService />;
  return <Replicas key={service.id} service={service} stale={stale} />;
}

function NoService() {
  const refused = useView()?.notices.find(({ id }) => id === 'refused:SERVICES');
  return (
    <Box className="flex flex-col justify-center overflow-hidden p-3 text-center">
      <h2 className="text-lg">{refused ? 'Services unknown' : 'No service yet'}</h2>
      <p className="mt-2 line-clamp-4 text-sm text-balance text-dim">
        {refused?.text ?? 'Create one on a manager; this page shows it as it happens.'}
      </p>
    </Box>
  );
}

function Replicas({ service, stale }: { service: ServiceView; stale: boolean }) {
  const { shown, wanted } = useScale(service);
  const { name, replicas, running, convergence } = service;
  const isPending = wanted !== null && wanted !== replicas;
  return (
    <Box
      aria-label={name}
      data-stale={stale || undefined}
      className="flex flex-col justify-center overflow-hidden p-3 text-center"
    >
      <h2 className="truncate text-lg">{name}</h2>
      <p className="py-1 text-4xl/none font-bold">
        {isPending && <span className="text-2xl font-normal text-dim">{replicas} → </span>}
        <span className={isPending ? 'text-accent' : ''}>
          {replicas === null ? (service.wanted ?? '?') : shown}
        </span>
      </p>
      <p className="truncate text-base">{`${running ?? '?'} of ${service.wanted ?? '?'} running`}</p>
      <p className={`mt-1.5 line-clamp-2 min-h-[2lh] text-sm text-balance ${verifyTone(service)}`}>
        {convergence.verify}
      </p>
    </Box>
  );
}

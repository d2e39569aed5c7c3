'use client';

import { useEffect, useState, type ReactNode } from 'react';
import { SWRConfig, useSWRConfig } from 'swr';
import { ServerNow } from '@/lib/client/clock';
import type { InitialData } from '@/lib/client/initial-data';
import { healthOf, KEYS, viewAgeOf } from '@/lib/client/cache';
import { startLive } from '@/lib/client/load-subscription';

/** Provides the live data to the hooks of lib/client/hooks.ts, first that of `initial`. */
export function LiveProvider({ initial, children }: { initial: InitialData; children: ReactNode }) {
  const [config] = useState(() => ({
    fallback: {
      [KEYS.view]: initial.view,
      [KEYS.health]: healthOf(initial.status),
      [KEYS.viewAge]: viewAgeOf(initial.status),
      [KEYS.access]: initial.access,
      [KEYS.command]: initial.command,
      [KEYS.maxReplicas]: initial.maxReplicas,
    },
    // Values keep their identity when equal (`keepSame`): no deep comparison on each read.
    compare: Object.is,
  }));
  return (
    <ServerNow value={initial.status.now}>
      <SWRConfig value={config}>
        <Stream />
        {children}
      </SWRConfig>
    </ServerNow>
  );
}

/** The tab's only EventSource. */
function Stream() {
  const { mutate } = useSWRConfig();
  useEffect(() => startLive(mutate), [mutate]);
  return null;
}

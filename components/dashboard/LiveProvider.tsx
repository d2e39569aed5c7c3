'use client';

import { useEffect, useState, type ReactNode } from 'react';
import { SWRConfig, useSWRConfig } from 'swr';
import { ServerNow } from '@/lib/client/clock';
import type { Initial } from '@/lib/client/initial';
import { healthOf, KEYS, viewAgeOf } from '@/lib/client/cache';
import { startLive } from '@/lib/client/start';

/** Everything below reads the live picture by the hooks in `hooks.ts`, first from `initial`. */
export function LiveProvider({ initial, children }: { initial: Initial; children: ReactNode }) {
  const [config] = useState(() => ({
    fallback: {
      [KEYS.view]: initial.view,
      [KEYS.health]: healthOf(initial.status),
      [KEYS.picture]: viewAgeOf(initial.status),
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

/** One EventSource for the tab, whatever the number of components that read. */
function Stream() {
  const { mutate } = useSWRConfig();
  useEffect(() => startLive(mutate), [mutate]);
  return null;
}

'use client';

import { useEffect, useState, type ReactNode } from 'react';
import { ServerNow } from '@/lib/client/clock';
import type { InitialData } from '@/lib/client/initial-data';
import { healthOf, viewAgeOf } from '@/lib/client/cache';
import { repeatEarlyClick } from '@/lib/client/early-input';
import { startLive } from '@/lib/client/load-subscription';
import { InitialValues } from '@/lib/client/use-cached';

/** Provides the live data to the hooks of lib/client/hooks.ts, first that of `initial`. */
export function LiveProvider({ initial, children }: { initial: InitialData; children: ReactNode }) {
  const [values] = useState(() => {
    const { status, ...rest } = initial;
    return { ...rest, health: healthOf(status), viewAge: viewAgeOf(status) };
  });
  // The tab's only EventSource.
  useEffect(startLive, []);
  useEffect(repeatEarlyClick, []);
  return (
    <ServerNow value={initial.status.now}>
      <InitialValues value={values}>{children}</InitialValues>
    </ServerNow>
  );
}

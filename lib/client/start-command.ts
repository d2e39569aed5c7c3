'use client';

import useSWR from 'swr';
import { KEYS } from './cache';

/** What starts the dashboard where it runs, for the commands that the page shows. */
export function useStartCommand(): string {
  return useSWR<string>(KEYS.command, null).data ?? 'clusterhat';
}

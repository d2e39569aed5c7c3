'use client';

import useSWR from 'swr';
import { KEYS } from './cache';

/** The command that starts the dashboard, for the commands that the page shows. */
export function useStartCommand(): string {
  return useSWR<string>(KEYS.command, null).data ?? 'clusterhat';
}

'use client';

import { useCached } from './use-cached';

/** The command that starts the dashboard, for the commands that the page shows. */
export function useStartCommand(): string {
  return useCached('command') ?? 'clusterhat';
}

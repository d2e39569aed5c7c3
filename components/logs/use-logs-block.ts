import { useAccess } from '@/lib/client/hooks';
import type { Block } from '../ui/Blocked';

/** Why this viewer may not read logs; null when they may. The server enforces it. */
export function useLogsBlock(): Block | null {
  const { mode, role, operators } = useAccess();
  if (role === 'operator') return null;
  if (mode === 'read-only') {
    return {
      reason:
        'Logs can hold secrets: to read them, set DASHBOARD_PASSWORD on the server and sign in.',
      signIn: null,
    };
  }
  return {
    reason: 'Logs can hold secrets: only operators may read them.',
    signIn: operators ? 'Sign in as operator' : null,
  };
}

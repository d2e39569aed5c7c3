'use client';

import { useUpgraded } from '@/lib/client/hooks';
import { Button } from '../ui/Button';

/** Shown once the server runs another build than this page. */
export function UpgradeButton() {
  if (!useUpgraded()) return null;
  return (
    <Button look="primary" className="text-xs" onClick={() => location.reload()}>
      <span>
        Reload<span className="max-sm:sr-only">: the dashboard was upgraded</span>
      </span>
    </Button>
  );
}

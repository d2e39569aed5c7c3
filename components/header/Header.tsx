'use client';

import { useUpgraded, useView } from '@/lib/client/hooks';
import { Button } from '../ui/Button';
import { AccessButton } from './AccessButton';
import { Counts } from './Counts';
import { LivePill } from './LivePill';

/** The page's top: what it is, how fresh it is, how much there is. The first line stays in sight. */
export function Header() {
  const view = useView();
  return (
    <header className="topbar">
      <div className="topbar-main">
        <h1 className="text-[15px] whitespace-nowrap">
          ClusterHAT<span className="max-xs:sr-only"> swarm</span>
        </h1>
        <LivePill />
        <span className="ml-auto flex gap-2 empty:hidden">
          <Upgraded />
          <AccessButton />
        </span>
      </div>
      <div className="topbar-more">{view && <Counts view={view} />}</div>
    </header>
  );
}

function Upgraded() {
  if (!useUpgraded()) return null;
  return (
    <Button look="primary" className="text-xs" onClick={() => location.reload()}>
      The dashboard was upgraded: reload
    </Button>
  );
}

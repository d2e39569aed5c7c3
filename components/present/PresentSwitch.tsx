'use client';

import { Activity, type ReactNode } from 'react';
import { lazyPart } from '../ui/lazy-part';
import { usePresent } from './present-mode';

const Stage = lazyPart(() => import('./Stage').then((part) => part.Stage));

/** The page (`children`) or, in present mode, the stage in front of it; the hidden page keeps its state. */
export function PresentSwitch({ initial, children }: { initial: boolean; children: ReactNode }) {
  const present = usePresent(initial);
  return (
    <>
      {present && <Stage />}
      <Activity mode={present ? 'hidden' : 'visible'}>{children}</Activity>
    </>
  );
}

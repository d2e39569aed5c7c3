'use client';

import { lazyPart } from '../ui/lazy-part';
import { useDetailsTarget } from './details-store';

const DetailsDrawer = lazyPart(() => import('./DetailsDrawer').then((part) => part.DetailsDrawer));

/** The details of a task or node, once one is clicked on the board or named by the page's address. */
export function Details() {
  const target = useDetailsTarget();
  return target && <DetailsDrawer target={target} />;
}

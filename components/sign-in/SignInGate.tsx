'use client';

import { lazy } from 'react';

const Gate = lazy(() => import('./Gate').then((part) => ({ default: part.Gate })));

/** The form of the sign-in page. Lazy, so that the dashboard does not load its code. */
export function SignInGate() {
  return <Gate />;
}

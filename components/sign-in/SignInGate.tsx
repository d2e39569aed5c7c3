'use client';

import { lazy } from 'react';

const Gate = lazy(() => import('./Gate').then((part) => ({ default: part.Gate })));

/** The form of the sign-in page; its code is loaded there only, and not with the dashboard. */
export function SignInGate() {
  return <Gate />;
}

'use client';

import { lazy } from 'react';

/** The form of the sign-in page; its code is loaded there only, and not with the dashboard. */
export const SignInGate = lazy(() => import('./Gate').then((part) => ({ default: part.Gate })));

'use client';

import { lazyPart } from '../ui/lazy-part';
import { whenNear } from './when-near';

/** The parts of the page whose code is loaded after the first paint, each with its placeholder as `fallback`. */
export const Overlays = lazyPart(() => import('./Overlays').then((part) => part.Overlays));
export const ServicePanel = lazyPart(() => import('./panels').then((part) => part.ServicePanel));
export const DemoPanel = lazyPart(() => import('./panels').then((part) => part.loadDemoPanel()));
export const CurlPanel = whenNear(
  lazyPart(() => import('./panels').then((part) => part.loadCurlPanel())),
);
export const Tables = whenNear(
  lazyPart(() => import('./panels').then((part) => part.loadTables())),
);

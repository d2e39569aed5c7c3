'use client';

import { lazyPart } from '../ui/lazy-part';
import { whenNear } from './when-near';

/** The parts of the page whose code is loaded after the first paint, each with its placeholder as `fallback`. */
export const Overlays = lazyPart(() => import('./Overlays').then((part) => part.Overlays));
export const DemoPanel = lazyPart(() => import('../demo/DemoPanel').then((part) => part.DemoPanel));
export const ServicePanel = lazyPart(() =>
  import('../service/ServicePanel').then((part) => part.ServicePanel),
);
export const CurlPanel = whenNear(
  lazyPart(() => import('../curl/CurlPanel').then((part) => part.CurlPanel)),
);
export const Tables = whenNear(
  lazyPart(() => import('../tables/Tables').then((part) => part.Tables)),
);

'use client';

import { lazyPart } from '../ui/lazy-part';

/** The theme and present mode, in the header of wide pages. */
export const HeaderTools = lazyPart(() => import('./Tools').then((part) => part.Tools));

/** The theme, in the footer of narrow pages. */
export const FooterTools = lazyPart(() => import('./Tools').then((part) => part.ThemeChoice));

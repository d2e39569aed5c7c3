'use client';

import { useSyncExternalStore } from 'react';
import { barColor, parseTheme, THEME_COOKIE, type Theme } from './theme';

/** 400 days, the longest that browsers keep a cookie (s). */
const MAX_AGE = 34_560_000;

const listeners = new Set<() => void>();

/** What the server has read from the cookie, or what was chosen since. */
function currentTheme(): Theme {
  return parseTheme(document.documentElement.dataset['theme']);
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** The theme of this page. */
export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, currentTheme, () => 'system');
}

/** Changes the theme, for the next visits too. */
export function setTheme(theme: Theme) {
  showTheme(theme);
  try {
    // For the folder of this page: below a proxy's path other servers do not receive it.
    const folder = location.pathname.replace(/[^/]*$/, '');
    document.cookie = `${THEME_COOKIE}=${theme}; path=${folder}; max-age=${MAX_AGE}; samesite=lax`;
  } catch {
    // Cookies are blocked: the theme lasts until the page is closed.
  }
}

/** Shows a theme without keeping it; returns a function that brings back the one before. */
export function showTheme(theme: Theme): () => void {
  const before = currentTheme();
  const { dataset } = document.documentElement;
  if (theme === 'system') delete dataset['theme'];
  else dataset['theme'] = theme;
  // At once: the colours of buttons would pass through the other theme.
  for (const running of document.getAnimations()) {
    if (running instanceof CSSTransition) running.finish();
  }
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name=theme-color]')) {
    meta.content = barColor(theme, meta.media.includes('dark') ? 'dark' : 'light');
  }
  for (const listener of listeners) listener();
  return () => void showTheme(before);
}

/** Whether the page is dark, by choice or as the system is. */
export function isDark(): boolean {
  const theme = currentTheme();
  return theme === 'system' ? matchMedia('(prefers-color-scheme: dark)').matches : theme === 'dark';
}

/** The page's theme as chosen in this browser; `system` follows the system's. */
export type Theme = 'system' | 'dark' | 'light';

export const THEMES: readonly Theme[] = ['system', 'dark', 'light'];

/** The browser's own bars have the colour of the page: `--color-bg` in app/globals.css. */
export const THEME_COLORS = { dark: '#0b0f14', light: '#f3f5f7' } as const;

/** A cookie, because the server has to write the first HTML in the right theme: nothing flashes. */
export const THEME_COOKIE = 'clusterhat-theme';

/** The theme of a cookie's value; of anything else `system`. */
export function parseTheme(value: string | undefined): Theme {
  return THEMES.find((theme) => theme === value) ?? 'system';
}

/** The colour of the browser's bars while the system is dark or light. */
export function barColor(theme: Theme, system: 'dark' | 'light'): string {
  return THEME_COLORS[theme === 'system' ? system : theme];
}

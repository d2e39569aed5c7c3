import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { barColor, parseTheme, THEME_COLORS } from './theme';

test.each([
  ['dark', 'dark'],
  ['light', 'light'],
  ['system', 'system'],
  ['', 'system'],
  ['Dark', 'system'],
  ['"><script>', 'system'],
  [undefined, 'system'],
])('reads the cookie %j as %s', (value, theme) => {
  expect(parseTheme(value)).toBe(theme);
});

test('the bars have the colour of the theme, and of the system without one', () => {
  expect(barColor('dark', 'light')).toBe(THEME_COLORS.dark);
  expect(barColor('light', 'dark')).toBe(THEME_COLORS.light);
  expect(barColor('system', 'dark')).toBe(THEME_COLORS.dark);
  expect(barColor('system', 'light')).toBe(THEME_COLORS.light);
});

test('the bars have the colour of the page', () => {
  const css = readFileSync('app/globals.css', 'utf8');
  expect(css).toContain(`--color-bg: light-dark(${THEME_COLORS.light}, ${THEME_COLORS.dark});`);
});

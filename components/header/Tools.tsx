'use client';

import { PresentButton } from '../present/PresentButton';
import { Select } from '../ui/Field';
import { THEMES, type Theme } from './theme';
import { setTheme, useTheme } from './use-theme';

const ICON = 'size-4.5 fill-none stroke-current stroke-[1.5]';
const FRAME =
  'relative inline-flex h-8.5 w-8.5 items-center justify-center rounded-lg border border-line bg-raise hover:border-line-strong has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent touch:min-h-11 touch:min-w-11';

const NAMES: Record<Theme, string> = { system: 'System', dark: 'Dark', light: 'Light' };

/** The theme as an icon that opens the browser's list, and the button of present mode. */
export function Tools() {
  return (
    <span className="flex gap-2 max-wide:hidden">
      <span className={FRAME} title="Theme">
        <svg aria-hidden viewBox="0 0 18 18" className={ICON}>
          <circle cx="9" cy="9" r="6.5" />
          <path className="fill-current stroke-none" d="M9 2.5a6.5 6.5 0 0 1 0 13z" />
        </svg>
        <ThemeSelect className="absolute inset-0 opacity-0" />
      </span>
      <PresentButton />
    </span>
  );
}

/** The theme as a labelled list. */
export function ThemeChoice() {
  return (
    <span className="flex items-center gap-2 wide:hidden">
      <span aria-hidden>Theme</span>
      <ThemeSelect className="text-xs" />
    </span>
  );
}

function ThemeSelect({ className }: { className: string }) {
  const theme = useTheme();
  return (
    <Select
      aria-label="Theme"
      className={className}
      value={theme}
      onChange={(event) => setTheme(event.target.value as Theme)}
    >
      {THEMES.map((each) => (
        <option key={each} value={each}>
          {NAMES[each]}
        </option>
      ))}
    </Select>
  );
}

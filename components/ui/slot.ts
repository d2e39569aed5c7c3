import type { CSSProperties } from 'react';

/** Slot colours; after them they repeat with another mark. */
const COLOURS = 8;

/** A slot's appearance, the same everywhere on the page. */
export interface SlotLook {
  /** `A` for slot 1 … `Z`, then `AA`; `•` for a task without a slot (global service). */
  letter: string;
  /** CSS colour of the slot. */
  color: string;
  /** CSS colour of text on that colour. */
  ink: string;
  /** 0 … 3: the badge's shape, which distinguishes slots of the same colour. */
  mark: number;
}

/** Spreadsheet letters: 1 → A, 26 → Z, 27 → AA. */
function letters(slot: number): string {
  let text = '';
  for (let rest = slot; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    text = String.fromCharCode(65 + ((rest - 1) % 26)) + text;
  }
  return text;
}

/** A slot's letter, colour and mark. */
export function slotLook(slot: number | null): SlotLook {
  if (slot === null || slot < 1) {
    return { letter: '•', color: 'var(--color-slot-none)', ink: 'var(--color-slot-ink)', mark: 1 };
  }
  const index = (slot - 1) % COLOURS;
  return {
    letter: letters(slot),
    color: `var(--color-slot-${index + 1})`,
    ink: index === 6 ? 'var(--color-slot-ink-light)' : 'var(--color-slot-ink)',
    mark: Math.floor((slot - 1) / COLOURS) % 4,
  };
}

/** A slot's colours as the CSS variables `--c` (colour) and `--ci` (ink). */
export function slotStyle(slot: number | null): CSSProperties {
  const { color, ink } = slotLook(slot);
  return { '--c': color, '--ci': ink } as CSSProperties;
}

import type { CSSProperties } from 'react';
import type { Badge } from '@/lib/client/use-badges';

/** Slot colours; after them they repeat with another mark. */
export const SLOT_COLOURS = 8;

/** A badge's appearance. */
export interface SlotLook {
  /** `A` for slot 1 … `Z`, then `AA`; the text of another service's badge; `•` for an unknown slot. */
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

/** A badge's text, colour and mark. */
export function slotLook(badge: Badge): SlotLook {
  if (typeof badge !== 'number' || badge < 1) {
    return {
      letter: typeof badge === 'string' ? badge : '•',
      color: 'var(--color-slot-none)',
      ink: 'var(--color-slot-ink)',
      mark: 1,
    };
  }
  const index = (badge - 1) % SLOT_COLOURS;
  return {
    letter: letters(badge),
    color: `var(--color-slot-${index + 1})`,
    ink: index === 6 ? 'var(--color-slot-ink-light)' : 'var(--color-slot-ink)',
    mark: Math.floor((badge - 1) / SLOT_COLOURS) % 4,
  };
}

/** A badge's colours as the CSS variables `--c` (colour) and `--ci` (ink). */
export function slotStyle(badge: Badge): CSSProperties {
  const { color, ink } = slotLook(badge);
  return { '--c': color, '--ci': ink } as CSSProperties;
}

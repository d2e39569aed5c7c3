import { slotLook, slotStyle } from './slot';

/** A slot's letter on its colour. Decoration: the name beside it says the same in words. */
export function SlotBadge({ slot }: { slot: number | null }) {
  const { letter, mark } = slotLook(slot);
  return (
    <span aria-hidden className="badge" data-mark={mark} style={slotStyle(slot)}>
      {letter}
    </span>
  );
}

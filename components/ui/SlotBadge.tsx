import type { Badge } from '@/lib/client/use-badges';
import { slotLook, slotStyle } from './slot';

/** By `SlotLook.mark`. */
const SHAPES = [
  'rounded-[5px] px-0.75',
  'rounded-full px-0.75',
  'clip-corner px-0.75',
  'clip-hexagon px-1.5',
];

/** A task's badge: its slot's letter on its colour, or another service's mark. Hidden from screen readers: the name beside it has the slot. */
export function SlotBadge({
  slot,
  colour = slot,
  className = '',
}: {
  slot: Badge;
  /** The slot whose colour it has, where that is not the one of the badge. */
  colour?: Badge;
  className?: string;
}) {
  const { letter, mark } = slotLook(slot);
  return (
    <span
      aria-hidden
      data-badge
      className={`slot-edge inline-grid h-5 min-w-5 flex-none place-items-center bg-(--c) font-sans text-xs/none font-bold text-(--ci) ${SHAPES[mark]} ${className}`}
      style={slotStyle(colour)}
    >
      {letter}
    </span>
  );
}

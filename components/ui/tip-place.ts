/** A rectangle in px of the window. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Distance to what is explained, and to the window's edges (px). */
const GAP = 6;
const MARGIN = 8;

/**
 * Where a tip is shown: below what it explains, or above where that has more room; never on it, and within the window
 * as far as there is room.
 */
export function placeTip(
  anchor: Area,
  tip: Pick<Area, 'width' | 'height'>,
  view: Pick<Area, 'width' | 'height'>,
): { left: number; top: number; maxHeight: number; side: 'above' | 'below' } {
  const below = view.height - MARGIN - (anchor.top + anchor.height + GAP);
  const above = anchor.top - GAP - MARGIN;
  const side = below >= tip.height || below >= above ? 'below' : 'above';
  const maxHeight = Math.max(0, side === 'below' ? below : above);
  const height = Math.min(tip.height, maxHeight);
  const left = Math.min(anchor.left, view.width - MARGIN - tip.width);
  return {
    left: Math.max(MARGIN, left),
    top: side === 'below' ? anchor.top + anchor.height + GAP : anchor.top - GAP - height,
    maxHeight,
    side,
  };
}

import { slotLook } from '../../ui/slot';
import { SlotBadge } from '../../ui/SlotBadge';
import type { AnswerLane } from './bar-layout';
import { SLOT } from './plot';

const TONES = { failed: 'text-bad', skipped: 'text-warn' };

/** The label of a lane, with room for the word that it is gone. */
export function LaneName({ lane: { kind, name, slot, gone, counts } }: { lane: AnswerLane }) {
  if (kind === 'task') {
    return (
      <>
        <SlotBadge slot={slot} />
        <span className="inline-block max-w-32.5 truncate max-sm:hidden">
          {name} <span className={gone ? '' : 'invisible'}>gone</span>
        </span>
      </>
    );
  }
  const some = counts.some((count) => count > 0);
  const tone = !some || kind === 'unknown' ? 'text-dim' : TONES[kind];
  return <span className={tone}>{name}</span>;
}

/** The bars of a lane. */
export function LaneBars({
  lane,
  bars,
  zeros,
  top,
}: {
  lane: AnswerLane;
  bars: string;
  zeros: string;
  top: number;
}) {
  return (
    <g transform={`translate(0 ${top})`} opacity={lane.gone ? 0.6 : undefined}>
      <path d={zeros} fill="var(--color-line-strong)" />
      <path className={SLOT} d={bars} fill={fillOf(lane)} />
    </g>
  );
}

/** Returns the SVG fill of a lane; needs {@link HatchPatterns} in the same document. */
export function fillOf({ kind, slot }: AnswerLane): string {
  if (kind === 'failed') return 'url(#curl-hatch)';
  if (kind === 'skipped') return 'url(#curl-hatch-skip)';
  return slotLook(slot).color;
}

/** The fills of failed and skipped requests: visible without colour. */
export function HatchPatterns() {
  return (
    <defs>
      <Hatch id="curl-hatch" color="var(--color-bad)" />
      <Hatch id="curl-hatch-skip" color="var(--color-warn)" />
    </defs>
  );
}

function Hatch({ id, color }: { id: string; color: string }) {
  return (
    <pattern
      id={id}
      width="5"
      height="5"
      patternUnits="userSpaceOnUse"
      patternTransform="rotate(45)"
    >
      <rect width="5" height="5" fill={color} opacity="0.25" />
      <rect width="2.4" height="5" fill={color} />
    </pattern>
  );
}

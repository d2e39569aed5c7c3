import type { Tone } from './Pill';

const LOOKS: Record<Tone, string> = {
  ok: 'rounded-full bg-current text-ok-fill shadow-glow',
  warn: 'rotate-45 rounded-xs bg-current text-warn-fill shadow-glow',
  bad: 'rounded-full border-[2.5px] border-bad-fill',
  off: 'rounded-full border-2 border-pcb-dim',
};

/** A node's lamp. Each tone has its own shape; the text beside it has the same meaning. */
export function Led({ tone }: { tone: Tone }) {
  return <span aria-hidden data-led={tone} className={`size-2.5 flex-none ${LOOKS[tone]}`} />;
}

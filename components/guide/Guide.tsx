'use client';

import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { Button } from '../ui/Button';
import { focusHeading } from '../ui/focus-heading';
import { placeTip, type Area } from '../ui/tip-place';
import { hasNews, isPresenting, rememberVisit } from './first-visit';
import { STEPS, targetOf, type Step } from './steps';

/** Interval at which a call-out's place is checked (ms): the page changes. */
const FOLLOW_MS = 200;
/** Distance to its place, or to the window's edge (px). */
const GAP = 12;

/**
 * Three call-outs for a first visit: board, scale, fire. They stand beside what they explain, above the page, and take
 * neither the focus nor the pointer from it.
 */
export function Guide() {
  // Loaded in the browser only.
  const [root] = useState(() => document.createElement('div'));
  const [at, setAt] = useState(0);
  const step = STEPS[at];
  useEffect(() => {
    rememberVisit();
    // The first in the page's order, so that Tab reaches it.
    document.body.prepend(root);
    return () => root.remove();
  }, [root]);
  const isOpen = step !== undefined;
  useEffect(() => {
    if (!isOpen) return undefined;
    // It would lie over them. Not while it has the focus.
    const end = () => {
      if (hasNews() && !root.contains(document.activeElement)) setAt(STEPS.length);
    };
    const timer = setInterval(end, FOLLOW_MS);
    return () => clearInterval(timer);
  }, [isOpen, root]);
  const next = () => {
    const following = STEPS.findIndex((one, index) => index > at && targetOf(one) !== null);
    setAt(following < 0 ? STEPS.length : following);
  };
  if (!step) return null;
  return createPortal(
    <CallOut
      step={step}
      number={at + 1}
      onNext={next}
      onClose={() => {
        if (root.contains(document.activeElement)) focusPart(step);
        setAt(STEPS.length);
      }}
    />,
    root,
  );
}

/** The focus goes from a call-out that closes to what it is about: the board's heading, or a control. */
function focusPart(step: Step) {
  const part = targetOf(step);
  const heading = part?.querySelector<HTMLElement>('h2');
  if (heading && focusHeading(heading, { scroll: false })) return;
  const control = part?.matches('button')
    ? part
    : [...(part?.querySelectorAll<HTMLElement>('button:enabled') ?? [])].at(-1);
  control?.focus({ preventScroll: true });
}

function CallOut({
  step,
  number,
  onNext,
  onClose,
}: {
  step: Step;
  number: number;
  onNext: () => void;
  onClose: () => void;
}) {
  const ref = useRef<HTMLElement>(null);
  const ring = useRef<HTMLDivElement>(null);
  const last = number === STEPS.length;
  useEffect(() => {
    const card = ref.current;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      onClose();
    };
    card?.addEventListener('keydown', onKeyDown);
    return () => card?.removeEventListener('keydown', onKeyDown);
  }, [onClose]);
  useLayoutEffect(() => {
    if (number > 1) {
      const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
      targetOf(step)?.scrollIntoView({ block: 'nearest', behavior: still ? 'auto' : 'smooth' });
    }
    const follow = () => place(step, ref.current, ring.current);
    follow();
    const timer = setInterval(follow, FOLLOW_MS);
    addEventListener('scroll', follow, { capture: true, passive: true });
    return () => {
      clearInterval(timer);
      removeEventListener('scroll', follow, true);
    };
  }, [step, number]);
  return (
    <>
      <div
        ref={ring}
        aria-hidden
        className="pointer-events-none fixed top-0 left-0 z-10 rounded-xl outline-3 outline-offset-3 outline-accent"
      />
      <section
        ref={ref}
        aria-label="First steps"
        data-callout={step.id}
        className="fixed top-0 left-0 z-20 w-80 max-w-[calc(100vw-16px)] rounded-xl border border-accent bg-panel p-4 text-ink shadow-dialog"
      >
        <p role="status">
          <b className="block text-[15px]">{step.title}</b>
          {step.text}
        </p>
        <div className="mt-3 flex items-center gap-2">
          <span className="mr-auto text-xs text-dim">
            {number} of {STEPS.length}
          </span>
          {!last && (
            <Button look="bare" onClick={onClose}>
              Skip
            </Button>
          )}
          <Button look="primary" onClick={last ? onClose : onNext}>
            {last ? 'Done' : 'Next'}
          </Button>
        </div>
      </section>
    </>
  );
}

type Size = Pick<Area, 'width' | 'height'>;

/** To the right of its place, else below or above it; null without room. */
function beside(area: Area, size: Size, view: Size): Pick<Area, 'left' | 'top'> | null {
  const right = area.left + area.width + GAP;
  if (right + size.width + GAP <= view.width && area.top >= 0) {
    return area.top + size.height <= view.height ? { left: right, top: area.top } : null;
  }
  const tip = placeTip(area, size, view);
  const fits = tip.maxHeight >= size.height && tip.top >= 0 && tip.top + size.height <= view.height;
  return fits ? tip : null;
}

/** Over the lower end of a place that is much higher: there the board has room for more tasks. Else null. */
function within(area: Area, size: Size, view: Size): Pick<Area, 'left' | 'top'> | null {
  const left = area.left + (area.width - size.width) / 2;
  const top = Math.min(area.top + area.height, view.height - GAP) - size.height;
  return top - Math.max(0, area.top) >= size.height ? { left: Math.max(GAP, left), top } : null;
}

/** At the lower edge of the window, for a place that fills it. */
function docked(size: Size, view: Size): Pick<Area, 'left' | 'top'> {
  const left = Math.max(GAP, (view.width - size.width) / 2);
  return { left, top: view.height - size.height - GAP };
}

/** Moves the call-out beside its place, and the ring around it. Hidden while there is no place for it. */
function place(step: Step, card: HTMLElement | null, ring: HTMLElement | null) {
  if (!card || !ring) return;
  const target = isPresenting() ? null : targetOf(step);
  card.hidden = ring.hidden = !target;
  if (!target) return;
  const area = target.getBoundingClientRect();
  Object.assign(ring.style, {
    translate: `${area.left}px ${area.top}px`,
    width: `${area.width}px`,
    height: `${area.height}px`,
  });
  const view = { width: document.documentElement.clientWidth, height: innerHeight };
  const size = card.getBoundingClientRect();
  const { left, top } = within(area, size, view) ?? beside(area, size, view) ?? docked(size, view);
  // Moved without layout.
  card.style.translate = `${left}px ${top}px`;
}

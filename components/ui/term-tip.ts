import { TERMS, type TermId } from './terms';
import { placeTip } from './tip-place';

/**
 * Shows the meaning of a term beside it, above everything else and without moving anything (WCAG 2.2, 1.4.13): Escape
 * closes it, the pointer may move onto it, and it stays until pointer and focus have left. Without React: it is loaded
 * when a term is first pointed at, and there is one for the page.
 */

/** Pause before the pointer opens it, and before leaving closes it (ms): on the way it crosses a gap. */
const OPEN_MS = 120;
const CLOSE_MS = 250;
/** The term can move while its meaning is shown (ms between two looks). */
const FOLLOW_MS = 100;

interface Shown {
  readonly term: HTMLElement;
  /** Opened or kept by a click: the pointer's leaving does not close it. */
  pinned: boolean;
}

let shown: Shown | null = null;
let opening: ReturnType<typeof setTimeout> | undefined;
let closing: ReturnType<typeof setTimeout> | undefined;
let following: ReturnType<typeof setInterval> | undefined;

const tip = document.createElement('div');
tip.id = 'term-tip';
tip.setAttribute('role', 'tooltip');
tip.popover = 'manual';
tip.className =
  'fixed inset-auto m-0 w-max max-w-[min(20rem,calc(100vw-16px))] overflow-auto rounded-lg border border-line-strong bg-panel px-3 py-2 text-[13px]/normal font-normal text-ink shadow-dialog';
tip.addEventListener('pointerenter', () => clearTimeout(closing));
tip.addEventListener('pointerleave', leave);

/** `cause`: the type of the event on the term. */
export function showTerm(term: HTMLElement, id: TermId, cause: string) {
  if (cause === 'click') {
    if (shown?.term === term && shown.pinned) close();
    else open(term, id, true);
  } else if (cause === 'focus') {
    if (term.matches(':focus-visible')) open(term, id, false);
  } else if (term.matches(':hover')) {
    clearTimeout(closing);
    clearTimeout(opening);
    opening = setTimeout(() => open(term, id, false), shown ? 0 : OPEN_MS);
    term.addEventListener('pointerleave', leave, { once: true });
  }
}

function open(term: HTMLElement, id: TermId, pinned: boolean) {
  clearTimeout(opening);
  clearTimeout(closing);
  if (shown?.term === term) {
    shown.pinned ||= pinned;
    return;
  }
  close();
  shown = { term, pinned };
  tip.replaceChildren(title(id), ...meaning(TERMS[id]));
  // What is outside of a modal dialog cannot be pointed at, and a click outside of a popover closes it; else in the
  // term's landmark.
  (term.closest('dialog, [popover], main, header, footer') ?? document.body).append(tip);
  term.setAttribute('aria-describedby', tip.id);
  tip.showPopover();
  place();
  following = setInterval(place, FOLLOW_MS);
  term.addEventListener('blur', onBlur);
  document.addEventListener('keydown', onKeyDown, true);
  document.addEventListener('pointerdown', onPointerDown, true);
  document.addEventListener('scroll', place, { capture: true, passive: true });
}

function close() {
  clearTimeout(opening);
  clearTimeout(closing);
  if (!shown) return;
  const { term } = shown;
  shown = null;
  clearInterval(following);
  term.removeAttribute('aria-describedby');
  term.removeEventListener('blur', onBlur);
  document.removeEventListener('keydown', onKeyDown, true);
  document.removeEventListener('pointerdown', onPointerDown, true);
  document.removeEventListener('scroll', place, true);
  if (tip.isConnected) tip.hidePopover();
  tip.remove();
}

function title(id: TermId): HTMLElement {
  const word = document.createElement('b');
  word.className = 'block first-letter:uppercase';
  word.textContent = id;
  return word;
}

/** Text with code between backticks. */
function meaning(text: string): (string | HTMLElement)[] {
  return text.split('`').map((part, at) => {
    if (at % 2 === 0) return part;
    const code = document.createElement('code');
    code.className = 'font-mono';
    code.textContent = part;
    return code;
  });
}

function place() {
  if (!shown) return;
  const { term } = shown;
  const area = term.getBoundingClientRect();
  const isAway = area.bottom < 0 || area.top > innerHeight || !term.checkVisibility();
  if (isAway) return close();
  tip.style.maxHeight = '';
  const { left, top, maxHeight } = placeTip(area, tip.getBoundingClientRect(), {
    width: document.documentElement.clientWidth,
    height: innerHeight,
  });
  Object.assign(tip.style, { left: `${left}px`, top: `${top}px`, maxHeight: `${maxHeight}px` });
}

function leave() {
  clearTimeout(opening);
  closing = setTimeout(() => {
    const { term, pinned = false } = shown ?? {};
    if (!pinned && !term?.matches(':hover, :focus-visible') && !tip.matches(':hover')) close();
  }, CLOSE_MS);
}

function onBlur() {
  if (!tip.matches(':hover')) close();
}

/** Before others that listen for Escape: it closes this first. */
function onKeyDown(event: KeyboardEvent) {
  if (event.key !== 'Escape') return;
  event.preventDefault();
  event.stopPropagation();
  close();
}

function onPointerDown({ target }: PointerEvent) {
  if (target instanceof Node && (tip.contains(target) || shown?.term.contains(target))) return;
  close();
}

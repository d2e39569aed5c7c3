'use client';

import { useEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { isFailure, type Answer, type Run } from '@/lib/curl/run';
import { serverNow } from '@/lib/client/clock';
import { deferLights, light } from '@/lib/client/lit-tasks';
import { slotLook } from '../../ui/slot';
import { FLIGHT_MS, flightsOf, newSince } from './plan-flights';
import './entry-mark.css';

/** The board as it is now: when it is taken back to an earlier moment, nothing travels there. */
const BOARD = '[data-board]:not([data-past])';
const CALM = '(prefers-reduced-motion: reduce)';

const FLYING = 'absolute -top-1.5 -left-1.5 size-3 will-change-transform';
const DOT = `${FLYING} rounded-full bg-(--c) shadow-[0_0_0_1.5px_var(--color-bg),0_0_12px_3px_var(--c)]`;
const CROSS = `${FLYING} text-center text-sm/3 font-extrabold text-bad text-shadow-[0_0_4px_var(--color-bg)]`;
const MARK =
  "absolute -top-2.5 right-3.5 rounded-full bg-accent px-2 text-[11px]/4.5 font-semibold whitespace-nowrap text-panel before:content-['▾_']";

/** A run is new for this long (ms). */
const NEW_RUN_MS = 3000;

/**
 * On the board: the entry nodes marked while a run goes, and each answer travelling from there to its
 * task's chip, which lights when it arrives. Without motion the chips light and that is all. An overlay of its own: the board knows nothing of it and is only read, by `data-node` and
 * `data-task`.
 */
export function Travel({ run, answers }: { run: Run; answers: readonly Answer[] }) {
  const overlay = useRef<HTMLDivElement>(null);
  const last = useRef<{ run: string; answer: Answer | null } | null>(null);
  const calm = useCalm();
  useEffect(() => (calm ? undefined : deferLights()), [calm]);

  // Looked after with every batch: a card may have been drawn anew.
  useEffect(() => {
    if (run.state === 'running') markEntries(run.entries);
    else unmarkEntries();
  });
  useEffect(() => unmarkEntries, []);

  useEffect(() => {
    const before = last.current;
    last.current = { run: run.id, answer: answers.at(-1) ?? null };
    const stage = overlay.current;
    if (!stage || calm || document.hidden || before === null) return;
    // A short burst can come whole in the first message of its run; of one that has gone on for longer,
    // which began while this tab was not connected, these answers are old.
    if (before.run !== run.id && serverNow() - run.startedAt > NEW_RUN_MS) return;
    const shown = before.run === run.id ? before.answer : null;
    const batch = shown === null ? answers : newSince(answers, shown);
    if (batch.length === 0) return;
    const { flights, rest } = flightsOf(batch);
    if (!document.querySelector(BOARD)) return;
    light(rest.flatMap(({ taskId }) => taskId ?? []));
    // Where things stand is asked when the frame's own layout is due: no second one is forced.
    requestAnimationFrame(() => {
      const places = new Places();
      for (const { answer, delay } of flights) {
        const { taskId, error, entryNodeId } = answer;
        const failed = isFailure(error);
        const from = places.entry(run.entries.find(({ nodeId }) => nodeId === entryNodeId)?.name);
        const to = taskId === null || failed ? null : places.task(taskId);
        const arrive = () => {
          if (taskId !== null && !failed) light([taskId]);
        };
        if (!from || (!to && !failed)) setTimeout(arrive, delay + FLIGHT_MS);
        else if (to) fly(stage, from, to, colourOf(run.shares, taskId), delay, arrive);
        else fizzle(stage, from, delay);
      }
    });
  }, [run, answers, calm]);

  return createPortal(
    <div
      ref={overlay}
      data-travel
      aria-hidden
      className="pointer-events-none absolute top-0 left-0 z-5 size-0"
    />,
    document.body,
  );
}

function colourOf(shares: Run['shares'], taskId: string | null): string {
  return slotLook(shares.find((share) => share.taskId === taskId)?.slot ?? null).color;
}

/** Whether this browser's owner wants no motion. */
function useCalm(): boolean {
  const [calm, setCalm] = useState(() => matchMedia(CALM).matches);
  useEffect(() => {
    const query = matchMedia(CALM);
    const listen = () => setCalm(query.matches);
    query.addEventListener('change', listen);
    return () => query.removeEventListener('change', listen);
  }, []);
  return calm;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where things stand on the page, each looked up once per batch; null when out of sight. */
class Places {
  readonly #known = new Map<string, Point | null>();

  /** Where requests enter at a node: its mark, or its lamp. */
  entry(name: string | undefined): Point | null {
    if (name === undefined) return null;
    const card = `${BOARD} [data-node=${CSS.escape(name)}]`;
    return this.#find(`${card} > [data-entry-mark]`, 0.5) ?? this.#find(`${card} [data-led]`, 0.5);
  }

  /** A task's chip, at its badge. */
  task(id: string): Point | null {
    const chip = `${BOARD} [data-task=${CSS.escape(id)}]`;
    return this.#find(`${chip} > [data-badge]`, 0.5) ?? this.#find(chip, 0.1);
  }

  #find(selector: string, across: number): Point | null {
    const known = this.#known.get(selector);
    if (known !== undefined) return known;
    const box = document.querySelector(selector)?.getBoundingClientRect();
    const inSight =
      box && box.width > 0 && box.bottom > -200 && box.top < innerHeight + 200 ? box : null;
    const point = inSight && {
      x: inSight.left + scrollX + inSight.width * across,
      y: inSight.top + scrollY + inSight.height / 2,
    };
    this.#known.set(selector, point);
    return point;
  }
}

/** Sends a dot from one point of the page to another in a shallow arc, by the compositor alone. */
function fly(
  stage: HTMLElement,
  from: Point,
  to: Point,
  color: string,
  delay: number,
  arrive: () => void,
) {
  const dot = stage.appendChild(document.createElement('i'));
  dot.className = DOT;
  dot.style.setProperty('--c', color);
  const across = to.x - from.x;
  const lift = Math.min(46, 10 + Math.hypot(across, to.y - from.y) * 0.12);
  const at = (share: number) => {
    const x = from.x + across * share;
    const y = from.y + (to.y - from.y) * share - 4 * lift * share * (1 - share);
    return `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
  };
  const steps = [0, 0.25, 0.5, 0.75, 1];
  const flight = dot.animate(
    steps.map((share) => ({
      transform: `${at(share)} scale(${share === 0 ? 0.3 : 1})`,
      opacity: share === 0 ? 0 : 1,
      offset: share,
    })),
    { duration: FLIGHT_MS, delay, easing: 'cubic-bezier(.3,.1,.5,1)', fill: 'both' },
  );
  const over = () => {
    dot.remove();
    arrive();
  };
  flight.onfinish = over;
  flight.oncancel = over;
}

/** A request that failed shows where it entered, and goes out there. */
function fizzle(stage: HTMLElement, from: Point, delay: number) {
  const cross = stage.appendChild(document.createElement('i'));
  cross.className = CROSS;
  cross.textContent = '✕';
  const at = `translate(${from.x.toFixed(1)}px, ${from.y.toFixed(1)}px)`;
  const end = cross.animate(
    [
      { transform: `${at} scale(.6)`, opacity: 0 },
      { transform: `${at} scale(1.3)`, opacity: 1, offset: 0.3 },
      { transform: `${at} translateY(14px) scale(1)`, opacity: 0 },
    ],
    { duration: 700, delay, fill: 'both' },
  );
  const over = () => cross.remove();
  end.onfinish = over;
  end.oncancel = over;
}

/**
 * A small sign on each entry node's card. Put there by hand: the board's own code, which is loaded
 * first and has a budget, stays as it is. React leaves children alone that it does not know.
 */
function markEntries(entries: Run['entries']) {
  if (!document.querySelector(BOARD)) return unmarkEntries();
  for (const { name } of entries) {
    const card = document.querySelector(`${BOARD} [data-node=${CSS.escape(name)}]`);
    if (!card || card.querySelector('[data-entry-mark]')) continue;
    const mark = card.appendChild(document.createElement('span'));
    mark.className = MARK;
    mark.dataset['entryMark'] = '';
    mark.textContent = entries.length > 1 ? 'in turn' : 'requests enter here';
    mark.title = `${entries.length > 1 ? 'Every node in turn: requests' : 'Requests'} enter the mesh here.`;
  }
}

function unmarkEntries() {
  for (const mark of document.querySelectorAll('[data-entry-mark]')) mark.remove();
}

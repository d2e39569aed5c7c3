'use client';

import { useEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { isFailure, type Answer, type Run } from '@/lib/curl/run';
import { serverNow } from '@/lib/client/clock';
import { deferLights, light } from '@/lib/client/lit-tasks';
import { slotLook } from '../../ui/slot';
import { BoardPositions, isBoardLive } from './board-positions';
import { drawFailure, drawFlight } from './draw-flights';
import { markEntryNodes, unmarkEntryNodes } from './entry-marks';
import { FLIGHT_MS, newAnswers, planFlights } from './plan-flights';

const REDUCED_MOTION = '(prefers-reduced-motion: reduce)';

/** Age (ms) up to which the first message of a run is animated. */
const NEW_RUN_MS = 3000;

/**
 * Marks the entry nodes on the board during a run, and draws each answer as a dot that flies from there to its
 * task's chip, which lights on arrival. With reduced motion only the chips light. The dots are in an overlay; the
 * board is located by `data-id` and `data-task`.
 */
export function AnswerFlights({ run, answers }: { run: Run; answers: readonly Answer[] }) {
  const overlay = useRef<HTMLDivElement>(null);
  const last = useRef<{ run: string; answer: Answer | null } | null>(null);
  const reduced = useReducedMotion();
  useEffect(() => (reduced ? undefined : deferLights()), [reduced]);

  // With every batch, as React may have replaced a card.
  useEffect(() => {
    if (run.state === 'running') markEntryNodes(run.entries);
    else unmarkEntryNodes();
  });
  useEffect(() => unmarkEntryNodes, []);

  useEffect(() => {
    const before = last.current;
    last.current = { run: run.id, answer: answers.at(-1) ?? null };
    const stage = overlay.current;
    if (!stage || reduced || document.hidden || before === null) return;
    // The first message of a run can hold a whole burst. If the run is older, it started while this tab was
    // disconnected, and its answers are not new.
    if (before.run !== run.id && serverNow() - run.startedAt > NEW_RUN_MS) return;
    const batch = newAnswers(answers, before.run === run.id ? before.answer : null);
    if (batch.length === 0) return;
    const { flights, rest } = planFlights(batch);
    if (!isBoardLive()) return;
    light(rest.flatMap(({ taskId }) => taskId ?? []));
    // Positions are read when the frame's layout is due: no extra layout is forced.
    requestAnimationFrame(() => {
      const positions = new BoardPositions();
      for (const { answer, delay } of flights) {
        const { taskId, error, entryNodeId } = answer;
        const failed = isFailure(error);
        const from = positions.entryNode(entryNodeId);
        const to = taskId === null || failed ? null : positions.task(taskId);
        const arrive = () => {
          if (taskId !== null && !failed) light([taskId]);
        };
        if (!from || (!to && !failed)) setTimeout(arrive, delay + FLIGHT_MS);
        else if (to) drawFlight(stage, from, to, colourOf(run.shares, taskId), delay, arrive);
        else drawFailure(stage, from, delay);
      }
    });
  }, [run, answers, reduced]);

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

function useReducedMotion(): boolean {
  const [reduced, setReduced] = useState(() => matchMedia(REDUCED_MOTION).matches);
  useEffect(() => {
    const query = matchMedia(REDUCED_MOTION);
    const listen = () => setReduced(query.matches);
    query.addEventListener('change', listen);
    return () => query.removeEventListener('change', listen);
  }, []);
  return reduced;
}

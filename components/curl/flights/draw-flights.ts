import type { Point } from './board-positions';
import { FLIGHT_MS } from './plan-flights';

const FLYING = 'absolute -top-1.5 -left-1.5 size-3 will-change-transform';
const DOT = `${FLYING} rounded-full bg-(--c) shadow-[0_0_0_1.5px_var(--color-bg),0_0_12px_3px_var(--c)]`;
const CROSS = `${FLYING} text-center text-sm/3 font-extrabold text-bad text-shadow-[0_0_4px_var(--color-bg)]`;

/** Moves a dot from one point of the page to another in a shallow arc, on the compositor. */
export function drawFlight(
  stage: HTMLElement,
  from: Point,
  to: Point,
  color: string,
  delay: number,
  onArrival: () => void,
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
  const finish = () => {
    dot.remove();
    onArrival();
  };
  flight.onfinish = finish;
  flight.oncancel = finish;
}

/** Shows a cross that fades at the entry node of a failed request. */
export function drawFailure(stage: HTMLElement, from: Point, delay: number) {
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
  const finish = () => cross.remove();
  end.onfinish = finish;
  end.oncancel = finish;
}

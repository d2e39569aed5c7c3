/** One call-out: what it is about, and the selector of its place on the page. */
export interface Step {
  readonly id: 'board' | 'scale' | 'fire';
  readonly target: string;
  readonly title: string;
  readonly text: string;
}

export const STEPS: readonly Step[] = [
  {
    id: 'board',
    target: '[data-board]',
    title: 'The board',
    text: 'Each card is a node of your swarm; the coloured chips on it are the tasks that run there now.',
  },
  {
    id: 'scale',
    target: '[data-guide="scale"]',
    title: 'Scale',
    text: 'Change the number of replicas here, and watch swarm start and stop tasks on the board.',
  },
  {
    id: 'fire',
    target: '[data-guide="fire"]',
    title: 'Fire',
    text: 'Start sends requests to the published port, and each answer lights the task that gave it.',
  },
];

/** The place of a call-out if the page has it, and shows it. */
export function targetOf({ target }: Step): HTMLElement | null {
  const found = document.querySelectorAll<HTMLElement>(target);
  return [...found].find((one) => one.checkVisibility()) ?? null;
}

import type { ShownProblem } from '@/lib/client/request';
import type { SwarmView } from '@/lib/swarm/view';
import { endFor, ZOOMS } from './window';

/** Where the slider stands, and what came of it. */
export interface TimelinePosition {
  /** The moment that was chosen (ms); null: now. */
  at: number | null;
  /** Where the shown window ends while a moment is chosen: it must not run away under the hand. */
  end: number;
  /** When the present was left: what has come since is news. */
  left: number;
  /** How much the window shows (ms). */
  zoom: number;
  /** When the picture on the board was taken; null until it has come. */
  pictureAt: number | null;
  /** Why there is no picture of that moment. */
  problem: ShownProblem | null;
}

/** What a server knows of a moment: its picture and when that was taken, or why not. */
export type PastViewResult = { at: number; view: SwarmView } | { problem: ShownProblem };

/** The least time between two questions (ms), however fast the slider moves. */
const PAUSE = 80;
/** Answers kept; of large swarms fewer. */
const KEPT = 60;
const KEPT_LARGE = 6;
const LARGE = 1000;

const START: TimelinePosition = {
  at: null,
  end: 0,
  left: 0,
  zoom: ZOOMS[0],
  pictureAt: null,
  problem: null,
};

/**
 * The slider's mind: asks for the picture of the moment that was chosen last, one question at a
 * time, and shows it. Going back to now needs nobody's answer. `ask` must not throw; `show` gets
 * null for the present.
 */
export class PastViewLoader {
  #state: TimelinePosition = START;
  readonly #answers = new Map<number, { at: number; view: SwarmView }>();
  readonly #listeners = new Set<() => void>();
  #busy = false;

  constructor(
    private readonly ask: (at: number) => Promise<PastViewResult>,
    private readonly show: (past: { at: number; view: SwarmView } | null) => void,
    private readonly pause: (ms: number) => Promise<void> = (ms) =>
      new Promise((done) => setTimeout(done, ms)),
  ) {}

  /** The present state; the same object until it changes. */
  readonly get = (): TimelinePosition => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Goes to a moment; `now` and it by the server's clock. */
  goTo(at: number, now: number): void {
    const { zoom, at: before } = this.#state;
    const fresh = before === null;
    const end = endFor(at, zoom, fresh ? now : this.#state.end, now);
    this.#set({ at: Math.round(at), end, problem: null, ...(fresh && { left: now }) });
    void this.#follow(now);
  }

  backToNow(): void {
    this.#set({ at: null, pictureAt: null, problem: null });
    this.show(null);
  }

  setZoom(zoom: number, now: number): void {
    const { at, end } = this.#state;
    this.#set({ zoom, ...(at !== null && { end: endFor(at, zoom, end, now) }) });
  }

  async #follow(now: number): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    let done: number | null = null;
    for (let { at } = this.#state; at !== null && at !== done; { at } = this.#state) {
      const known = this.#answers.get(at);
      const answer = known ?? (await this.ask(at));
      done = at;
      if (this.#state.at === null) break;
      if ('problem' in answer) this.#set({ problem: answer.problem });
      else {
        // Of a moment that has only just passed, more may still come to light.
        if (!known && at < now - 2000) this.#keep(at, answer);
        this.#set({ pictureAt: answer.at, problem: null });
        this.show({ at, view: answer.view });
      }
      if (!known) await this.pause(PAUSE);
    }
    this.#busy = false;
  }

  #keep(at: number, answer: { at: number; view: SwarmView }): void {
    this.#answers.set(at, answer);
    const most = answer.view.tasks.length > LARGE ? KEPT_LARGE : KEPT;
    for (const old of this.#answers.keys()) {
      if (this.#answers.size <= most) break;
      this.#answers.delete(old);
    }
  }

  #set(change: Partial<TimelinePosition>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}

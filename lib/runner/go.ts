import type { Target } from '@/lib/curl/dial';
import { containerOf, type KnownTask } from '@/lib/curl/identify';
import { planOf, type Plan } from '@/lib/curl/plan';
import type { Answer, Run, FullRunRequest } from '@/lib/curl/run';
import { StopRules } from '@/lib/curl/stop';
import { Tally } from '@/lib/curl/tally';
import type { SwarmView } from '@/lib/swarm/view';
import { ask, type AskLimits, type Asked } from './ask';
import { NewPictures, type NewPicturesOptions } from './new-pictures';
import { startSchedule, type Schedule } from './schedule';

/** Why a run ended. */
export type EndReason = NonNullable<Run['ended']>;

/** What one run may use, and how long it waits for a new picture. */
export interface GoLimits extends AskLimits {
  /** The least time between two wishes for a new picture, milliseconds. */
  readonly refreshGapMs: number;
  /** The most requests on their way at once. */
  readonly inFlight: number;
  /** How long an answer waits for a picture that knows its container, milliseconds. */
  readonly refreshMs: number;
}

/** What one run needs from outside. */
export interface GoOptions extends NewPicturesOptions {
  readonly id: string;
  readonly request: FullRunRequest;
  readonly target: Target;
  /** The picture by which the target was chosen. */
  readonly view: SwarmView;
  readonly limits: GoLimits;
  /** The newest picture, or null when there is none. */
  currentView(): SwarmView | null;
  /** An answer came in. */
  onAnswer(answer: Answer): void;
  /** Something that a run shows has changed. */
  onChange(): void;
  /** The run is over; every socket is destroyed. */
  onEnd(): void;
}

/** One run, from its first slot to its end. */
export class Go {
  readonly id: string;
  readonly #options: GoOptions;
  readonly #plan: Plan;
  readonly #tally: Tally;
  readonly #stopRules = new StopRules();
  /** By n: destroys the request's socket. */
  readonly #onTheirWay = new Map<number, () => void>();
  /** By n: records the answer without waiting for a new picture any longer. */
  readonly #unexplained = new Map<number, () => void>();
  readonly #newPictures: NewPictures;
  readonly #startedWall: number;
  readonly #startedAt: number;
  #schedule: Schedule | null = null;
  #scheduleOver = false;
  #seen: SwarmView | null = null;
  #ended: EndReason | null = null;
  #endedWall: number | null = null;

  constructor(options: GoOptions) {
    this.#options = options;
    this.id = options.id;
    this.#plan = planOf(options.request);
    this.#tally = new Tally(options.target.serviceId);
    this.#newPictures = new NewPictures(options, (view) => this.#look(view));
    this.#startedWall = options.clock.wall();
    this.#startedAt = options.clock.now();
    this.#look(options.view);
  }

  /** Fires the first slot; the others follow by themselves. */
  start(): void {
    const { clock } = this.#options;
    const schedule = startSchedule(
      this.#plan,
      clock,
      {
        slot: (at) => this.#slot(at),
        skip: (slots) => this.#skip(slots),
        end: () => {
          this.#scheduleOver = true;
          this.#finishWhenQuiet();
        },
      },
      this.#startedAt,
    );
    if (this.#ended === null) this.#schedule = schedule;
    else schedule.stop();
  }

  /** Whether it still goes. */
  get running(): boolean {
    return this.#ended === null;
  }

  /** Ends the run: destroys every socket; answers that wait for a picture are taken as they are. */
  stop(reason: EndReason): void {
    if (this.#ended !== null) return;
    this.#ended = reason;
    this.#endedWall = this.#options.clock.wall();
    this.#schedule?.stop();
    for (const [n, destroy] of this.#onTheirWay) {
      destroy();
      this.#tally.cut(n);
    }
    this.#onTheirWay.clear();
    for (const record of this.#unexplained.values()) record();
    this.#options.onEnd();
  }

  /** The run as everybody sees it, now. */
  run(): Run {
    const { request, target } = this.#options;
    return {
      id: this.id,
      state: this.#ended === null ? 'running' : 'ended',
      ended: this.#ended,
      request: {
        ...request,
        service: target.serviceName,
        entryNode: target.entryNodeName,
        serviceId: target.serviceId,
        entryNodeId: target.entryNodeId,
      },
      url: target.url,
      startedAt: this.#startedWall,
      endedAt: this.#endedWall,
      planned: this.#plan.planned,
      ...this.#tally.summary(this.#ended !== null),
      lagP99: null,
      entries: [],
      note: null,
      details: null,
      marks: [],
      drill: null,
      story: '',
    };
  }

  /** Takes in the newest picture, so that the run knows the tasks that are running now. */
  look(): void {
    this.#look(this.#options.currentView());
  }

  #look(view: SwarmView | null): void {
    if (view === null || view === this.#seen || this.#ended !== null) return;
    this.#seen = view;
    if (this.#tally.see(view, this.#elapsed())) this.#options.onChange();
    const { serviceId } = this.#options.target;
    if (!view.services.some((service) => service.id === serviceId)) this.stop('service gone');
  }

  #elapsed(): number {
    return this.#options.clock.now() - this.#startedAt;
  }

  #skip(slots: number): void {
    this.#tally.skip(slots);
    this.#options.onChange();
  }

  #slot(at: number): void {
    this.look();
    if (this.#ended !== null) return;
    const { target, limits, clock } = this.#options;
    if (this.#onTheirWay.size >= limits.inFlight) return this.#skip(1);
    const n = this.#tally.send();
    const destroy = ask(target, limits, clock, {
      connect: () => this.#tally.connect(),
      done: (asked) => {
        this.#onTheirWay.delete(n);
        this.#asked(n, at, asked);
      },
    });
    this.#onTheirWay.set(n, destroy);
    this.#options.onChange();
  }

  #asked(n: number, at: number, asked: Asked): void {
    this.look();
    if (asked.error !== null || this.#ended !== null) return this.#record(n, at, asked);
    const { container, task, badBody } = this.#who(asked);
    const name = container ?? '';
    if (task || badBody || !this.#newPictures.mayExplain(name)) return this.#record(n, at, asked);
    const record = () => {
      if (!this.#unexplained.delete(n)) return;
      callOff();
      if (!this.#who(asked).task) this.#newPictures.didNotExplain(name);
      this.#record(n, at, asked);
    };
    const callOff = this.#options.clock.after(this.#options.limits.refreshMs, record);
    this.#unexplained.set(n, record);
    void this.#newPictures.next().then(record);
  }

  #who(asked: Asked): { container: string | null; task: KnownTask | undefined; badBody: boolean } {
    const { echo } = this.#options.target;
    const { container, badBody } = containerOf(this.#tally.tasks, asked.body, echo);
    const task = container === null ? undefined : this.#tally.tasks.ofContainer(container);
    return { container, task, badBody: badBody || (echo && asked.truncated) };
  }

  #record(n: number, at: number, asked: Asked): void {
    const { container, task, badBody } = this.#who(asked);
    const failure = asked.error ?? (badBody ? 'bad body' : null);
    const answer: Answer = {
      n,
      at: round(at),
      lag: round(asked.sentAt - this.#startedAt - at),
      entryNodeId: this.#options.target.entryNodeId,
      taskId: failure === null ? (task?.id ?? null) : null,
      container: failure === null ? container : null,
      status: asked.status,
      error: failure ?? (task ? null : 'unknown container'),
      ms: round(asked.endedAt - this.#startedAt - at),
      connectMs: asked.connectMs === null ? null : round(asked.connectMs),
      firstByteMs: asked.firstByteMs === null ? null : round(asked.firstByteMs),
    };
    this.#tally.add(answer);
    this.#options.onAnswer(answer);
    if (this.#ended !== null) return;
    const reason = this.#stopRules.add(this.#elapsed(), answer.error);
    if (reason) this.stop(reason);
    else this.#finishWhenQuiet();
  }

  #finishWhenQuiet(): void {
    const quiet = this.#onTheirWay.size === 0 && this.#unexplained.size === 0;
    if (this.#scheduleOver && quiet) this.stop('finished');
  }
}

/** Ten microseconds are finer than the clock is true, and a third of the bytes on the wire. */
function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}

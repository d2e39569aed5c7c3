import { Agent } from 'node:http';
import { stillDialable, type EntryPoint, type Target } from '@/lib/curl/dial';
import type { DrillPlan } from '@/lib/curl/drill';
import { containerIn, containerOf, type KnownTask, type TaskIndex } from '@/lib/curl/identify';
import { planOf, type Plan } from '@/lib/curl/plan';
import {
  FAIR_RATE,
  PORT_REUSE_NOTE,
  resentNote,
  ROTATE,
  type Answer,
  type FullRunRequest,
  type Run,
} from '@/lib/curl/run';
import { StopRules } from '@/lib/curl/stop';
import { Tally } from '@/lib/curl/tally';
import { Turns } from '@/lib/curl/turns';
import type { SwarmView } from '@/lib/swarm/view';
import { ask, type Asked } from './send-request';
import type { AskLimits } from './attempt';
import { FailureDrill, type DrillActions } from './drill';
import { NewPictures, type NewPicturesOptions } from './new-snapshots';
import { startSchedule, type Schedule } from './schedule';

/** Why a run ended. */
export type EndReason = NonNullable<Run['ended']>;

/** What one run may use, and how long it waits for a new picture; the rest is its request's to say. */
export interface ActiveRunLimits extends Omit<AskLimits, 'connectMs' | 'readMs'> {
  /** The least time between two wishes for a new picture, milliseconds. */
  readonly refreshGapMs: number;
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
  readonly limits: ActiveRunLimits;
  /** The newest picture, or null when there is none. */
  currentView(): SwarmView | null;
  /** An answer came in. */
  onAnswer(answer: Answer): void;
  /** A slot found no free place, or went by in a stall. */
  onSkip(at: number): void;
  /** Something that a run shows has changed. */
  onChange(): void;
  /** The run is over; every socket is destroyed. */
  onEnd(): void;
}

/** One request that is due. */
interface Due {
  readonly n: number;
  /** Its slot, in ms since the run's start. */
  readonly at: number;
  readonly entry: EntryPoint;
}

/** An answer that waits for a picture to tell who gave it. */
interface Unexplained {
  readonly asked: Asked;
  /** Records it without waiting any longer. */
  readonly record: () => void;
}

/** One run, from its first slot to its end. */
export class ActiveRun {
  readonly id: string;
  readonly #options: GoOptions;
  readonly #plan: Plan;
  readonly #tally: Tally;
  readonly #turns: Turns;
  readonly #askLimits: AskLimits;
  /** Keeps connections; null when each request has its own. */
  readonly #agent: Agent | null;
  readonly #stopRules = new StopRules();
  /** By n: destroys the request's socket. */
  readonly #onTheirWay = new Map<number, () => void>();
  /** By n: answers of containers that are no task's so far. */
  readonly #unexplained = new Map<number, Unexplained>();
  readonly #newPictures: NewPictures;
  readonly #startedWall: number;
  readonly #startedAt: number;
  #sent = 0;
  #schedule: Schedule | null = null;
  #scheduleOver = false;
  #seen: SwarmView | null = null;
  /** When the swarm was last looked at, in ms since the start. */
  #lookedAt = 0;
  #ended: EndReason | null = null;
  #endedWall: number | null = null;
  #drill: FailureDrill | null = null;

  constructor(options: GoOptions) {
    const { request, target, limits, clock } = options;
    this.#options = options;
    this.id = options.id;
    this.#plan = planOf(request);
    this.#tally = new Tally({ ...target, ...request });
    this.#turns = new Turns(target);
    const ms = request.timeout * 1000;
    this.#askLimits = { ...limits, connectMs: ms, readMs: ms };
    this.#agent =
      request.connection === 'keepAlive'
        ? new Agent({
            keepAlive: true,
            maxSockets: request.inFlight,
            maxFreeSockets: request.inFlight,
          })
        : null;
    this.#newPictures = new NewPictures(options, (view) => this.#look(view));
    this.#startedWall = clock.wall();
    this.#startedAt = clock.now();
    this.#look(options.view);
  }

  /** Fires the first slot; the others follow by themselves. */
  start(): void {
    if (this.#options.request.mode === 'burst') return this.#fill();
    const schedule = startSchedule(
      this.#plan,
      this.#options.clock,
      {
        slot: (at) => this.#slot(at),
        skip: (at) => this.#skip(at, 'stall'),
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

  /** Begins a failure drill; there must be none that is not over. */
  drill(plan: DrillPlan, hands: DrillActions): FailureDrill {
    // The drill can outlive the run, and must not keep all of it.
    const options = this.#options;
    const drill = new FailureDrill(plan, hands, options.clock, () => options.onChange());
    this.#drill = drill;
    this.#tally.marks.expect((change) => drill.did(change));
    void drill.start();
    return drill;
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
    this.#agent?.destroy();
    this.#newPictures.close();
    for (const { record } of this.#unexplained.values()) record();
    this.#drill?.end();
    this.#options.onEnd();
  }

  /** The run as everybody sees it, now, but for its story. */
  run(): Run {
    const { request, target } = this.#options;
    const [first] = target.entries;
    const ended = this.#ended !== null;
    return {
      id: this.id,
      state: ended ? 'ended' : 'running',
      ended: this.#ended,
      request: {
        ...request,
        service: target.serviceName,
        entryNode: request.entryNode === ROTATE ? ROTATE : first.name,
        serviceId: target.serviceId,
        entryNodeId: first.nodeId,
      },
      url: first.url,
      startedAt: this.#startedWall,
      endedAt: this.#endedWall,
      planned: this.#plan.planned,
      note: this.#note(),
      drill: this.#drill?.state() ?? null,
      story: '',
      ...this.#tally.summary(ended),
    };
  }

  /** The service's tasks that this run has seen. */
  get tasks(): TaskIndex {
    return this.#tally.tasks;
  }

  #note(): string | null {
    const { mode, rate, connection } = this.#options.request;
    const { resent } = this.#tally;
    if (resent > 0) return resentNote(resent);
    const fast = mode === 'burst' ? this.#plan.planned > FAIR_RATE * 60 : rate > FAIR_RATE;
    return fast && mode !== 'once' && connection === 'new' ? PORT_REUSE_NOTE : null;
  }

  /** Takes in the newest picture, so that the run knows the tasks that are running now. */
  look(): void {
    this.#look(this.#options.currentView());
  }

  /** The swarm has been looked at: takes in what was seen, or that all is as it was. */
  looked(): void {
    this.look();
    this.#lookedAt = this.#elapsed();
  }

  #look(view: SwarmView | null): void {
    if (view === null || view === this.#seen || this.#ended !== null) return;
    const first = this.#seen === null;
    this.#seen = view;
    const moment = {
      at: this.#elapsed(),
      time: this.#options.clock.wall(),
      heldAt: this.#lookedAt,
    };
    if (this.#tally.see(view, moment) && !first) this.#options.onChange();
    for (const { asked, record } of this.#unexplained.values()) {
      if (this.#who(asked).task) record();
    }
    this.#turns.see(view, moment.at);
    if (!stillDialable(view, this.#options.target)) this.stop('service gone');
  }

  #elapsed(): number {
    return this.#options.clock.now() - this.#startedAt;
  }

  #skip(at: number, why: 'full' | 'stall'): void {
    this.#tally.skip(why);
    this.#options.onSkip(at);
    this.#options.onChange();
  }

  #slot(at: number): void {
    this.look();
    if (this.#ended !== null) return;
    if (this.#onTheirWay.size >= this.#options.request.inFlight) this.#skip(at, 'full');
    else this.#send(at);
  }

  /** A burst: every free place is taken at once, until all have left. */
  #fill(): void {
    this.look();
    const { inFlight } = this.#options.request;
    while (
      this.#ended === null &&
      this.#sent < this.#plan.planned &&
      this.#onTheirWay.size < inFlight
    ) {
      this.#send(this.#elapsed());
    }
    this.#scheduleOver = this.#sent >= this.#plan.planned;
  }

  #send(at: number): void {
    const { target, request, clock } = this.#options;
    const turn = this.#turns.next(this.#elapsed());
    if (!turn) return this.stop('service gone');
    const { place, entry } = turn;
    this.#sent += 1;
    const n = this.#tally.send(place, at);
    const due: Due = { n, at, entry };
    const question = {
      address: entry.address,
      port: target.port,
      path: target.path,
      method: request.method,
      agent: this.#agent,
    };
    const destroy = ask(question, this.#askLimits, clock, {
      connect: () => this.#tally.connect(),
      done: (asked) => {
        this.#onTheirWay.delete(n);
        this.#asked(due, asked);
        if (request.mode === 'burst') this.#fill();
      },
    });
    this.#onTheirWay.set(n, destroy);
    this.#options.onChange();
  }

  #asked(due: Due, asked: Asked): void {
    this.look();
    if (asked.error !== null || this.#ended !== null) return this.#record(due, asked);
    const name = this.#strangerIn(asked);
    if (name === null || !this.#newPictures.mayExplain(name)) return this.#record(due, asked);
    const record = () => {
      if (!this.#unexplained.delete(due.n)) return;
      callOff();
      if (!this.#who(asked).task) this.#newPictures.didNotExplain(name);
      this.#record(due, asked);
    };
    const callOff = this.#options.clock.after(this.#options.limits.refreshMs, record);
    this.#unexplained.set(due.n, { asked, record });
    void this.#newPictures.next().then(record);
  }

  get #isHead(): boolean {
    return this.#options.request.method === 'HEAD';
  }

  #who(asked: Asked): { container: string | null; task: KnownTask | undefined; badBody: boolean } {
    // An answer to HEAD has no body that could name anybody (RFC 9110, 9.3.2).
    if (this.#isHead) return { container: null, task: undefined, badBody: false };
    const { echo } = this.#options.target;
    const { container, badBody } = containerOf(this.#tally.tasks, asked.body, echo);
    const task = container === null ? undefined : this.#tally.tasks.ofContainer(container);
    return { container, task, badBody: badBody || (echo && asked.truncated) };
  }

  /** The container that an answer names and no picture knows so far; null: none. */
  #strangerIn(asked: Asked): string | null {
    const { container, task, badBody } = this.#who(asked);
    if (task || badBody) return null;
    return container ?? containerIn(asked.body);
  }

  #record({ n, at, entry }: Due, asked: Asked): void {
    if (asked.resent) this.#tally.resend();
    const { container, task, badBody } = this.#who(asked);
    const failure = asked.error ?? (badBody ? 'bad body' : null);
    const stranger = task || container === null ? null : 'unknown container';
    const answer: Answer = {
      n,
      at: round(at),
      lag: round(asked.sentAt - this.#startedAt - at),
      entryNodeId: entry.nodeId,
      taskId: failure === null ? (task?.id ?? null) : null,
      container: failure === null ? container : null,
      status: asked.status,
      error: failure ?? stranger,
      ms: round(asked.endedAt - this.#startedAt - at),
      connectMs: asked.connectMs === null ? null : round(asked.connectMs),
      firstByteMs: asked.firstByteMs === null ? null : round(asked.firstByteMs),
    };
    this.#tally.add(answer);
    this.#options.onAnswer(answer);
    if (this.#ended !== null) return;
    if (failure !== null) this.#newPictures.glance();
    const reason = this.#stopRules.add(this.#elapsed(), answer.error);
    if (reason && !this.#options.request.keepGoing) this.stop(reason);
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

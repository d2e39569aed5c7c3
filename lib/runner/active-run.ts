import { Agent } from 'node:http';
import { stillDialable, urlOf, type EntryPoint, type Target } from '@/lib/curl/dial';
import type { DrillPlan } from '@/lib/curl/drill';
import { containerIn, containerOf, type KnownTask, type TaskIndex } from '@/lib/curl/identify';
import { requestId } from '@/lib/curl/request-id';
import { planOf, type Plan } from '@/lib/curl/plan';
import {
  FAIR_RATE,
  PORT_REUSE_NOTE,
  resentNote,
  ROTATE,
  type Answer,
  type FullRunRequest,
  type Run,
  type SingleResponse,
} from '@/lib/curl/run';
import { StopRules } from '@/lib/curl/stop-rules';
import { Tally } from '@/lib/curl/tally';
import { allEntries, EntryTurns, type Turn } from '@/lib/curl/entry-turns';
import type { SwarmView } from '@/lib/swarm/view';
import { sendRequest, type RequestOutcome } from './send-request';
import type { RequestLimits } from './attempt';
import { EntryReach, type EntryReachOptions } from './entry-reach';
import { singleResponse } from './single-response';
import { FailureDrill, type DrillActions } from './drill';
import { SnapshotRefresher, type SnapshotRefresherOptions } from './snapshot-refresher';
import { startSchedule, type Schedule } from './schedule';

/** Why a run ended. */
export type EndReason = NonNullable<Run['ended']>;

/** Bounds on one run that its request does not set. */
export interface ActiveRunLimits extends Omit<RequestLimits, 'connectMs' | 'readMs'> {
  /** Minimum time between two refreshes of the swarm, in ms. */
  readonly refreshGapMs: number;
  /** How long an answer waits for a view that has its container, in ms. */
  readonly refreshMs: number;
}

/** Inputs and callbacks of one run. */
export interface ActiveRunOptions extends SnapshotRefresherOptions {
  readonly id: string;
  readonly request: FullRunRequest;
  readonly target: Target;
  /** The view by which the target was chosen. */
  readonly view: SwarmView;
  readonly limits: ActiveRunLimits;
  /** By node id: the address at which each was reached last; shared by all runs. */
  readonly reach: Pick<EntryReachOptions, 'remembered' | 'open' | 'isOwn'>;
  /** The latest view; null before the first. */
  currentView(): SwarmView | null;
  /** Called with every answer. */
  onAnswer(answer: Answer): void;
  /** Called when a tick is skipped: all places in flight were taken, or the process stalled. */
  onSkip(at: number): void;
  /** Called when `run()` would return something else than before. */
  onChange(): void;
  /** Called once at the end, when every socket is destroyed. */
  onEnd(): void;
}

/** One request that is due now. */
interface Due {
  readonly n: number;
  /** Its tick, in ms since the run's start. */
  readonly at: number;
  readonly entry: EntryPoint;
  readonly address: string;
  readonly port: number;
}

/** An answer that waits for a view that has its container. */
interface UnidentifiedAnswer {
  readonly outcome: RequestOutcome;
  /** Records it as it is, without waiting longer. */
  readonly record: () => void;
}

/** One run, from its first tick to its end. */
export class ActiveRun {
  readonly id: string;
  readonly #options: ActiveRunOptions;
  readonly #plan: Plan;
  readonly #tally: Tally;
  readonly #turns: EntryTurns;
  readonly #reach: EntryReach;
  readonly #requestLimits: RequestLimits;
  /** Reuses connections; null: a new connection for each request. */
  readonly #agent: Agent | null;
  readonly #stopRules = new StopRules();
  /** By n: destroys the request's socket. */
  readonly #inFlight = new Map<number, () => void>();
  /** By n: answers whose container belongs to no known task yet. */
  readonly #unidentified = new Map<number, UnidentifiedAnswer>();
  readonly #refresher: SnapshotRefresher;
  #startedWall: number;
  #startedAt: number;
  /** The entry nodes' addresses are still being tried. */
  #isPreparing = false;
  #sent = 0;
  #schedule: Schedule | null = null;
  #allSent = false;
  #view: SwarmView | null = null;
  /** When the feed last read the swarm, in ms since the start. */
  #swarmReadAt = 0;
  #ended: EndReason | null = null;
  #endedWall: number | null = null;
  #drill: FailureDrill | null = null;
  #response: SingleResponse | null = null;

  constructor(options: ActiveRunOptions) {
    const { request, target, limits, clock } = options;
    this.#options = options;
    this.id = options.id;
    this.#plan = planOf(request);
    this.#tally = new Tally({ ...target, ...request });
    this.#turns = new EntryTurns(target);
    this.#reach = new EntryReach(allEntries(target), {
      ...options.reach,
      clock,
      portAt: (nodeId) => this.#turns.portAt(nodeId),
      onChange: () => this.#onReachChange(),
    });
    const ms = request.timeout * 1000;
    this.#requestLimits = { ...limits, connectMs: ms, readMs: ms };
    this.#agent =
      request.connection === 'keepAlive'
        ? new Agent({
            keepAlive: true,
            maxSockets: request.inFlight,
            maxFreeSockets: request.inFlight,
          })
        : null;
    this.#refresher = new SnapshotRefresher(options, (view) => this.#applyLatestView(view));
    this.#startedWall = clock.wall();
    this.#startedAt = clock.now();
    this.#applyLatestView(options.view);
  }

  /** Sends the first request, once it is known at which addresses, and schedules the others. */
  start(): void {
    this.#isPreparing = true;
    this.#reach.prepare(() => {
      if (!this.#isPreparing || this.#ended !== null) return;
      this.#isPreparing = false;
      // Time that went by for trying addresses is not the run's.
      this.#startedWall = this.#options.clock.wall();
      this.#startedAt = this.#options.clock.now();
      this.#begin();
    });
  }

  #begin(): void {
    if (this.#options.request.mode === 'burst') return this.#fillPlaces();
    const schedule = startSchedule(
      this.#plan,
      this.#options.clock,
      {
        tick: (at) => this.#tick(at),
        skip: (at) => this.#skip(at, 'stall'),
        end: () => {
          this.#allSent = true;
          this.#finishWhenIdle();
        },
      },
      this.#startedAt,
    );
    if (this.#ended === null) this.#schedule = schedule;
    else schedule.stop();
  }

  /** False once it has ended. */
  get running(): boolean {
    return this.#ended === null;
  }

  /** Starts a failure drill. The caller makes sure that no other is active. */
  drill(plan: DrillPlan, drillActions: DrillActions): FailureDrill {
    // A drill can outlive its run: capturing only these lets the rest be collected.
    const options = this.#options;
    const drill = new FailureDrill(plan, drillActions, options.clock, () => options.onChange());
    this.#drill = drill;
    this.#tally.marks.attributeToDrill((change) => drill.caused(change));
    void drill.start();
    return drill;
  }

  /** Ends the run: destroys every socket, and records answers that still wait for a view as they are. */
  stop(reason: EndReason): void {
    if (this.#ended !== null) return;
    this.#ended = reason;
    this.#endedWall = this.#options.clock.wall();
    this.#schedule?.stop();
    for (const [n, destroy] of this.#inFlight) {
      destroy();
      this.#tally.abort(n);
    }
    this.#inFlight.clear();
    this.#reach.close();
    this.#agent?.destroy();
    this.#refresher.close();
    for (const { record } of this.#unidentified.values()) record();
    this.#drill?.end();
    this.#options.onEnd();
  }

  /** The run as sent to browsers, without its story. */
  run(): Run {
    const { request, target } = this.#options;
    const [first] = target.entries;
    const summary = this.#tally.summary(this.#ended !== null);
    const ended = this.#ended !== null;
    return {
      id: this.id,
      state: ended ? 'ended' : 'running',
      ended: this.#ended,
      request: {
        ...request,
        ...(request.publishedPort === 0 && { targetPort: target.targetPort }),
        service: target.serviceName,
        entryNode: request.entryNode === ROTATE ? ROTATE : first.name,
        serviceId: target.serviceId,
        entryNodeId: first.nodeId,
      },
      url: summary.entries[0]?.url ?? first.url,
      startedAt: this.#startedWall,
      endedAt: this.#endedWall,
      planned: this.#plan.planned,
      note: this.#note(),
      drill: this.#drill?.state() ?? null,
      response: this.#response,
      story: '',
      ...summary,
    };
  }

  /** The service's tasks seen during this run. */
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

  /** Applies the latest view, so that the run knows the tasks that are running now. */
  applyLatestView(): void {
    this.#applyLatestView(this.#options.currentView());
  }

  /** Called after each read of the swarm, whether or not the view has changed. */
  onSwarmRead(): void {
    this.applyLatestView();
    this.#swarmReadAt = this.#elapsed();
  }

  #applyLatestView(view: SwarmView | null): void {
    if (view === null || view === this.#view || this.#ended !== null || this.#isPreparing) return;
    const first = this.#view === null;
    this.#view = view;
    const moment = {
      at: this.#elapsed(),
      time: this.#options.clock.wall(),
      heldAt: this.#swarmReadAt,
    };
    if (this.#tally.applyView(view, moment) && !first) this.#options.onChange();
    for (const { outcome, record } of this.#unidentified.values()) {
      if (this.#identify(outcome).task) record();
    }
    this.#turns.applyView(view, moment.at);
    this.#tally.setUnreachable(this.#unreachable());
    if (!stillDialable(view, this.#options.target)) this.stop('service gone');
  }

  /** A node that is known to be down is not called unreachable from here. */
  #unreachable(): ReadonlyMap<string, readonly string[]> {
    const unreachable = new Map(this.#reach.unreachable());
    if (unreachable.size === 0) return unreachable;
    for (const { id, state } of this.#view?.nodes ?? []) {
      if (state === 'down') unreachable.delete(id);
    }
    return unreachable;
  }

  #onReachChange(): void {
    this.#tally.setUnreachable(this.#unreachable());
    this.#options.onChange();
    this.#finishWhenIdle();
  }

  #elapsed(): number {
    return this.#options.clock.now() - this.#startedAt;
  }

  #skip(at: number, why: 'full' | 'stall'): void {
    this.#tally.skip(why);
    this.#options.onSkip(at);
    this.#options.onChange();
  }

  #tick(at: number): void {
    this.applyLatestView();
    if (this.#ended !== null) return;
    if (this.#inFlight.size >= this.#options.request.inFlight) this.#skip(at, 'full');
    else this.#send(at);
  }

  /** Burst: sends as many as there are free places, until all are sent. */
  #fillPlaces(): void {
    this.applyLatestView();
    const { inFlight } = this.#options.request;
    while (
      this.#ended === null &&
      this.#sent < this.#plan.planned &&
      this.#inFlight.size < inFlight
    ) {
      this.#send(this.#elapsed());
    }
    this.#allSent = this.#sent >= this.#plan.planned;
  }

  #send(at: number): void {
    const { target, request, clock } = this.#options;
    const skipped = new Set(this.#reach.unreachable().keys());
    const turn = this.#turns.next(this.#elapsed(), skipped);
    if (!turn) return this.stop('service gone');
    if (turn.port === null) return this.#fail(turn, at);
    const { place, entry, port } = turn;
    const address = this.#reach.addressOf(entry.nodeId);
    this.#sent += 1;
    this.#tally.setUrl(place, urlOf(address, port, target.path));
    const n = this.#tally.send(place, at);
    const due: Due = { n, at, entry, address, port };
    const httpRequest = {
      address,
      port,
      path: target.path,
      method: request.method,
      agent: this.#agent,
      requestId: requestId(this.id, n),
      keep: request.mode === 'once',
    };
    const destroy = sendRequest(httpRequest, this.#requestLimits, clock, {
      connect: () => {
        this.#tally.connect();
        this.#reach.reached(entry.nodeId, address);
      },
      done: (outcome) => {
        this.#inFlight.delete(n);
        this.#outcome(due, outcome);
        if (request.mode === 'burst') this.#fillPlaces();
      },
    });
    this.#inFlight.set(n, destroy);
    this.#options.onChange();
  }

  /** Records a request for which no task had a port: it is lost as on a closed port, but nothing is dialled. */
  #fail({ place, entry }: Turn, at: number): void {
    const { clock } = this.#options;
    this.#sent += 1;
    const n = this.#tally.send(place, at);
    const now = clock.now();
    const never = { connectMs: null, firstByteMs: null, status: null };
    const nothing = { body: '', truncated: false, stale: false, resent: false, received: null };
    const outcome = { ...never, ...nothing, sentAt: now, endedAt: now, error: 'no port' } as const;
    this.#record({ n, at, entry, address: '', port: 0 }, outcome);
  }

  #outcome(due: Due, outcome: RequestOutcome): void {
    this.applyLatestView();
    const { error } = outcome;
    if (error === 'connect timeout') this.#reach.missed(due.entry.nodeId);
    if (error === 'refused') this.#reach.reached(due.entry.nodeId, due.address);
    if (error !== null || this.#ended !== null) return this.#record(due, outcome);
    const name = this.#unknownContainerIn(outcome);
    if (name === null || !this.#refresher.canIdentify(name)) return this.#record(due, outcome);
    const record = () => {
      if (!this.#unidentified.delete(due.n)) return;
      cancelTimer();
      if (!this.#identify(outcome).task) this.#refresher.addFailedLookup(name);
      this.#record(due, outcome);
    };
    const cancelTimer = this.#options.clock.after(this.#options.limits.refreshMs, record);
    this.#unidentified.set(due.n, { outcome, record });
    void this.#refresher.refresh().then(record);
  }

  get #isHead(): boolean {
    return this.#options.request.method === 'HEAD';
  }

  #identify(outcome: RequestOutcome): {
    container: string | null;
    task: KnownTask | undefined;
    badBody: boolean;
  } {
    // An answer to HEAD has no body, so it names no container (RFC 9110, 9.3.2).
    if (this.#isHead) return { container: null, task: undefined, badBody: false };
    const { echo } = this.#options.target;
    const { container, badBody } = containerOf(this.#tally.tasks, outcome.body, echo);
    const task = container === null ? undefined : this.#tally.tasks.ofContainer(container);
    return { container, task, badBody: badBody || (echo && outcome.truncated) };
  }

  /** The container that an answer names and the view does not have; null: none. */
  #unknownContainerIn(outcome: RequestOutcome): string | null {
    const { container, task, badBody } = this.#identify(outcome);
    if (task || badBody) return null;
    return container ?? containerIn(outcome.body);
  }

  #record({ n, at, entry, address, port }: Due, outcome: RequestOutcome): void {
    if (outcome.resent) this.#tally.resend();
    const { container, task, badBody } = this.#identify(outcome);
    const failure = outcome.error ?? (badBody ? 'bad body' : null);
    const unidentified = task || container === null ? null : 'unknown container';
    const answer: Answer = {
      n,
      at: round(at),
      lag: round(outcome.sentAt - this.#startedAt - at),
      entryNodeId: entry.nodeId,
      taskId: failure === null ? (task?.id ?? null) : null,
      container: failure === null ? container : null,
      status: outcome.status,
      error: failure ?? unidentified,
      ms: round(outcome.endedAt - this.#startedAt - at),
      connectMs: outcome.connectMs === null ? null : round(outcome.connectMs),
      firstByteMs: outcome.firstByteMs === null ? null : round(outcome.firstByteMs),
    };
    const host = address.includes(':') ? `[${address}]` : address;
    const sentTo = { entryNode: entry.name, address: `${host}:${port}` };
    this.#response = singleResponse(outcome, answer, sentTo);
    this.#tally.add(answer);
    this.#options.onAnswer(answer);
    if (this.#ended !== null) return;
    if (failure !== null) this.#refresher.refreshIfIdle();
    const reason = this.#stopRules.add(this.#elapsed(), answer.error);
    if (reason && !this.#options.request.keepGoing) this.stop(reason);
    else this.#finishWhenIdle();
  }

  #finishWhenIdle(): void {
    const idle = this.#inFlight.size === 0 && this.#unidentified.size === 0;
    // Whether the node can be reached at all decides what the run's failures mean.
    if (this.#allSent && idle && !this.#reach.isSearching) this.stop('finished');
  }
}

/** Rounds to 10 µs: finer than the clock is accurate, and a third of the bytes on the wire. */
function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}

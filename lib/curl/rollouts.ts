import type { ServiceView, SwarmView, TaskView } from '../swarm/view';
import type { ViewTime } from './marks';
import { p99Of, percentile } from './percentile';
import type { RunRollout, Run, RunVersion } from './run';
import { rolloutSummary } from './rollout-words';
import { MAX_VERSIONS, TaskVersions, type VersionTask } from './task-versions';

/** How long before a change is seen it may have caused failures, in ms: as an update's mark. */
const COST_BEFORE_MS = 500;
/** Within this time the service can be seen later than its tasks, in ms. */
const SETTLE_MS = 2000;
/** From this many answers on latencies before a rollout can be compared with those during it. */
const MIN_BASELINE = 20;

/** The answers from which versions and rollouts are computed. */
export interface AnswerFacts {
  /** Ticks of the failed requests, in ms since the run's start, in any order. */
  readonly lost: readonly number[];
  /** Ticks and latencies of the answers, in any order. */
  readonly answers: readonly { readonly at: number; readonly ms: number }[];
  /** By task id: its latencies, ascending, and when its first and last answers were complete. */
  readonly byTask: ReadonlyMap<string, TaskAnswers>;
  /** Number of answers. */
  readonly answered: number;
}

/** One task's answers. */
export interface TaskAnswers {
  readonly latencies: readonly number[];
  readonly first: number;
  readonly last: number;
}

interface OpenRollout extends Pick<
  RunRollout,
  'time' | 'kind' | 'from' | 'to' | 'state' | 'automatic' | 'begunBefore' | 'failure'
> {
  readonly at: number;
  endedAt: number | null;
  /** An answer above this latency is slow, in ms; null: too few answers before. */
  readonly slowMs: number | null;
}

const OPEN = new Set<RunRollout['state']>([
  'updating',
  'paused',
  'rolling back',
  'rollback paused',
]);

/** The versions of one run's service, and the updates and rollbacks from one to another. */
export class Rollouts {
  readonly #serviceId: string;
  readonly #tasks = new TaskVersions();
  readonly #rollouts: OpenRollout[] = [];

  constructor(serviceId: string) {
    this.#serviceId = serviceId;
  }

  /** Index of the version that a task is made from; null if it is not known. */
  versionOf(taskId: string): number | null {
    return this.#tasks.get(taskId)?.version ?? null;
  }

  /**
   * Applies a view; true when it changes a rollout.
   * @param latencies of the answers so far, ascending
   */
  applyView(
    view: Pick<SwarmView, 'services' | 'tasks'>,
    moment: ViewTime,
    latencies: readonly number[],
  ): boolean {
    const service = view.services.find(({ id }) => id === this.#serviceId);
    if (!service) return false;
    const own = view.tasks.filter(({ serviceId }) => serviceId === this.#serviceId);
    const isFirst = this.#tasks.versions.length === 0;
    const from = this.#tasks.current;
    const isSwitch = this.#tasks.applyView(service, own, moment);
    const states = this.#states();
    const slowMs = slowFrom(latencies);
    if (isFirst) this.#resume(service, moment);
    if (isSwitch) this.#switch(from, service, moment, slowMs);
    else if (!isFirst) this.#addPassed(service, moment, slowMs);
    this.#follow(service, own, moment.at);
    return this.#states() !== states;
  }

  #states(): string {
    return this.#rollouts.map(({ state }) => state).join();
  }

  get #open(): OpenRollout | undefined {
    const last = this.#rollouts.at(-1);
    return last && OPEN.has(last.state) ? last : undefined;
  }

  /** A rollout that had begun before the run. */
  #resume({ update }: ServiceView, { time }: ViewTime): void {
    const { versions, current } = this.#tasks;
    const isActive =
      update && /^(updating|paused|rollback_started|rollback_paused)$/.test(update.state);
    if (!isActive || versions.length < 2) return;
    const other = current - 1;
    const isBack = update.automatic ?? false;
    this.#rollouts.push({
      ...NEW,
      at: 0,
      time,
      kind: !isBack && update.state.startsWith('rollback') ? 'rollback' : 'update',
      from: isBack ? current : other,
      to: isBack ? other : current,
      state: isBack ? 'rolling back' : 'updating',
      automatic: isBack,
      begunBefore: true,
      slowMs: null,
    });
  }

  #switch(
    from: number,
    { update }: ServiceView,
    { at, time }: ViewTime,
    slowMs: number | null,
  ): void {
    const to = this.#tasks.current;
    const open = this.#open;
    const isRollback = update?.state.startsWith('rollback') ?? false;
    if (open && !open.state.startsWith('roll') && (to === open.from || isRollback)) {
      open.state = 'rolling back';
      return;
    }
    if (open) end(open, 'replaced', at);
    if (this.#rollouts.length >= MAX_VERSIONS) return;
    const kind = isRollback ? 'rollback' : 'update';
    this.#rollouts.push({ ...NEW, at, time, kind, from, to, slowMs });
  }

  /**
   * An update that began and was undone between two views: the service is what it was, but it is in a rollback, and has
   * tasks that were never up to date.
   */
  #addPassed({ update, job }: ServiceView, { at, time }: ViewTime, slowMs: number | null): void {
    const { strays, current } = this.#tasks;
    const [first] = strays.toSorted((a, b) => a.createdAt - b.createdAt);
    if (!first || job || !update?.state.startsWith('rollback')) return;
    const open = this.#open;
    // Created while the rollback that is known began.
    if (open?.state.startsWith('roll')) return this.#tasks.placeStrays(open.to);
    if (open?.kind === 'rollback') return this.#tasks.placeStrays(open.from);
    if (this.#rollouts.length >= MAX_VERSIONS) return;
    const since = Math.min(first.createdAt, time);
    const to = this.#tasks.addPassed({ image: first.image, since });
    if (to === null) return;
    this.#tasks.placeStrays(to);
    const begunAt = Math.max(0, at - (time - since));
    if (open) end(open, 'replaced', begunAt);
    this.#rollouts.push({
      ...NEW,
      at: begunAt,
      time: since,
      kind: 'update',
      from: current,
      to,
      state: 'rolling back',
      automatic: update.automatic ?? false,
      slowMs,
    });
  }

  /** Follows the engine's own report on the update. */
  #follow(service: ServiceView, own: readonly TaskView[], at: number): void {
    const open = this.#open;
    if (!open) return;
    const { update, convergence } = service;
    const state = update?.state ?? '';
    const { current } = this.#tasks;
    const isOthers = own.some(({ id, phase }) => isLive(phase) && this.versionOf(id) !== current);
    const isDone =
      !isOthers &&
      (state.endsWith('completed') || (update === null && convergence.phase === 'converged'));
    if (open.state.startsWith('roll')) {
      open.automatic ||= update?.automatic ?? false;
      open.failure = update?.note?.failure ?? open.failure;
      if (isDone) end(open, 'rolled back', at);
      else open.state = state === 'rollback_paused' ? 'rollback paused' : 'rolling back';
      return;
    }
    if (at - open.at < SETTLE_MS && !open.begunBefore) {
      if (state === 'rollback_started') open.kind = 'rollback';
      if (state === 'updating') open.kind = 'update';
    }
    const isPaused = state === (open.kind === 'update' ? 'paused' : 'rollback_paused');
    open.failure = isPaused ? (update?.note?.failure ?? open.failure) : null;
    if (isDone) end(open, 'completed', at);
    else open.state = isPaused ? 'paused' : 'updating';
  }

  /** The versions so far, in the order in which the service had them. */
  versions({ byTask, answered }: AnswerFacts): RunVersion[] {
    const { versions, current } = this.#tasks;
    return versions.map(({ image, since }, index) => {
      const tasks = this.#tasks.ofVersion(index);
      const own = tasks.flatMap(([id]) => byTask.get(id) ?? []);
      const latencies = own.flatMap((task) => [...task.latencies]).sort((a, b) => a - b);
      const first = Math.min(...own.map((task) => task.first));
      const last = Math.max(...own.map((task) => task.last));
      return {
        image,
        since,
        current: index === current,
        running: tasks.filter(([, { running }]) => running).length,
        failed: tasks.filter(([, { failed }]) => failed).length,
        answers: latencies.length,
        share: answered === 0 ? 0 : latencies.length / answered,
        p50: percentile(latencies, 50),
        p95: percentile(latencies, 95),
        p99: p99Of(latencies),
        firstAnswerMs: own.length === 0 ? null : round(first),
        lastAnswerMs: own.length === 0 ? null : round(last),
      };
    });
  }

  /** The rollouts so far, oldest first, each with its cost. `ended`: of a run that has ended. */
  rollouts(facts: AnswerFacts, ended: boolean): Run['rollouts'] {
    return this.#rollouts.map(({ at, endedAt, slowMs, ...rollout }) => {
      const isIn = (tick: number) => tick >= at - COST_BEFORE_MS && tick <= (endedAt ?? Infinity);
      const old = this.#answersOf(
        rollout.from,
        ({ seenAt }) => seenAt <= (endedAt ?? Infinity),
        facts,
      );
      const made = this.#answersOf(rollout.to, ({ seenAt }) => seenAt >= at, facts);
      const isLeft = this.#tasks.ofVersion(rollout.from).some(([, { running }]) => running);
      const isOver = rollout.state === 'completed' || !isLeft;
      const failed = this.#tasks
        .ofVersion(rollout.to)
        .filter(([, task]) => task.failed && (rollout.begunBefore || task.seenAt >= at));
      const known = {
        ...rollout,
        at: round(at),
        endedMs: endedAt === null ? null : round(endedAt - at),
        firstAnswerMs:
          made.length === 0 ? null : round(Math.min(...made.map(({ first }) => first)) - at),
        lastAnswerMs:
          isOver && old.length > 0 ? round(Math.max(...old.map(({ last }) => last)) - at) : null,
        lost: facts.lost.filter(isIn).length,
        slow:
          slowMs === null
            ? null
            : facts.answers.filter(({ at: tick, ms }) => isIn(tick) && ms > slowMs).length,
        slowMs,
        failedTasks: failed.length,
      };
      return { ...known, summary: rolloutSummary(known, this.#tasks.versions, ended) };
    });
  }

  #answersOf(
    version: number,
    isMeant: (task: VersionTask) => boolean,
    { byTask }: AnswerFacts,
  ): TaskAnswers[] {
    return this.#tasks
      .ofVersion(version)
      .flatMap(([id, task]) => (isMeant(task) ? (byTask.get(id) ?? []) : []));
  }
}

const NEW = {
  state: 'updating' as const,
  automatic: false,
  begunBefore: false,
  failure: null,
  endedAt: null,
};

function end(rollout: OpenRollout, state: RunRollout['state'], at: number): void {
  rollout.state = state;
  rollout.endedAt = at;
}

function isLive(phase: TaskView['phase']): boolean {
  return phase === 'running' || phase === 'starting' || phase === 'leaving';
}

/** Slow is twice the 95th percentile before, and at least 20 ms more than it. */
function slowFrom(latencies: readonly number[]): number | null {
  if (latencies.length < MIN_BASELINE) return null;
  const p95 = percentile(latencies, 95) ?? 0;
  return round(Math.max(2 * p95, p95 + 20));
}

function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}

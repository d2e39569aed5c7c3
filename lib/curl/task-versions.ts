import { hasEnded } from '../swarm/task-phase';
import type { ServiceView, TaskView } from '../swarm/view';
import type { ViewTime } from './marks';

/** Maximum versions of a run, so that a service that is updated all the time cannot make it grow. */
export const MAX_VERSIONS = 20;

/** A definition of a service from which tasks are made. */
export interface TaskVersion {
  image: string;
  /** When it became the service's, in ms since the epoch; null: before the run. */
  readonly since: number | null;
}

/** A task of a version. */
export interface VersionTask {
  /** Null: of a definition from before the run, of which no task was running. */
  readonly version: number | null;
  /** When it was first seen, in ms since the run's start; −1: before the run. */
  readonly seenAt: number;
  readonly running: boolean;
  readonly ended: boolean;
  /** It failed during the run. */
  readonly failed: boolean;
}

/** A task that was never seen up to date. */
export interface Stray {
  readonly id: string;
  readonly image: string;
  /** In ms since the epoch. */
  readonly createdAt: number;
  /** When it was first seen, in ms since the run's start. */
  readonly seenAt: number;
}

/** How much later than its tasks a service can be seen, in ms: its list is read at least this often. */
const SERVICE_DELAY_MS = 10_000;

/**
 * Tells the tasks of one service apart by the version of it that they are made from. The engine answers only which
 * tasks are up to date, and never lists earlier definitions: so a version ends when its tasks are no longer up to
 * date, and is the service's again when they are.
 */
export class TaskVersions {
  readonly versions: TaskVersion[] = [];
  readonly #tasks = new Map<string, VersionTask>();
  #strays: Stray[] = [];
  /** The ended tasks of the present version that the engine's last answer lacked. */
  #lacking: ReadonlySet<string> = new Set();
  #current = 0;

  /** Index of the service's present version. */
  get current(): number {
    return this.#current;
  }

  /** A task by its id. */
  get(id: string): VersionTask | undefined {
    return this.#tasks.get(id);
  }

  /** The tasks of a version. */
  ofVersion(version: number): [id: string, task: VersionTask][] {
    return [...this.#tasks].filter(([, task]) => task.version === version);
  }

  /** Applies a view's service and its tasks; true when the service has another version than before. */
  applyView(service: ServiceView, own: readonly TaskView[], moment: ViewTime): boolean {
    const isFirst = this.versions.length === 0;
    const before = this.#current;
    const upToDate = own.filter((task) => task.upToDate);
    const image = upToDate[0]?.image ?? service.image;
    if (isFirst) this.#begin(own, image);
    else this.#current = this.#next(service, own, image, moment.time);
    const current = this.versions[this.#current];
    if (current) current.image = image;
    const isSwitch = !isFirst && this.#current !== before;
    if (isSwitch) this.#strays = [];
    else if (!isFirst) this.#noticeStrays(own, moment.at);
    const present = new Set<string>();
    for (const task of own) {
      present.add(task.id);
      this.#put(task, isFirst ? -1 : moment.at);
    }
    for (const [id, task] of this.#tasks) {
      if (task.running && !present.has(id)) this.#tasks.set(id, { ...task, running: false });
    }
    return isSwitch;
  }

  /** The tasks seen of late that were not up to date when they were first seen. */
  get strays(): readonly Stray[] {
    return this.#strays;
  }

  /** Says of which version the strays are. */
  placeStrays(version: number): void {
    for (const { id } of this.#strays) {
      const task = this.#tasks.get(id);
      if (task) this.#tasks.set(id, { ...task, version });
    }
    this.#strays = [];
  }

  /** Adds a version that the service had between two views; returns its index, null where there are too many. */
  addPassed(version: TaskVersion): number | null {
    return this.versions.length < MAX_VERSIONS ? this.versions.push(version) - 1 : null;
  }

  #noticeStrays(own: readonly TaskView[], at: number): void {
    const fresh = own.filter(
      // The engine's answer lacks a task that was removed after it was listed.
      ({ id, upToDate, desired }) => !upToDate && desired !== 'remove' && !this.#tasks.has(id),
    );
    this.#strays = [
      ...this.#strays.filter(({ seenAt }) => at - seenAt <= SERVICE_DELAY_MS),
      ...fresh.map(({ id, image, createdAt }) => ({ id, image, createdAt, seenAt: at })),
    ];
  }

  /** The versions of the first view: earlier ones with tasks that may still answer, one per image, then the present one. */
  #begin(own: readonly TaskView[], image: string): void {
    const older = own
      .filter(({ upToDate, phase }) => !upToDate && !hasEnded(phase))
      .map((task) => task.image);
    for (const one of new Set(older)) this.versions.push({ image: one, since: null });
    this.#current = this.versions.push({ image, since: null }) - 1;
  }

  #next(service: ServiceView, own: readonly TaskView[], image: string, time: number): number {
    const known = new Set<number>();
    const lacking = new Set<string>();
    let isOutdated = false;
    for (const { id, upToDate, desired, phase } of own) {
      const version = this.#tasks.get(id)?.version ?? null;
      if (version === null) continue;
      if (upToDate) known.add(version);
      // The engine's answer lacks a task that was removed after it was listed; swarm also removes old ones that have
      // ended. One that is listed again is still there.
      else if (version === this.#current && desired !== 'remove') {
        if (!hasEnded(phase) || this.#lacking.has(id)) isOutdated = true;
        lacking.add(id);
      }
    }
    this.#lacking = lacking;
    if (known.has(this.#current)) return this.#current;
    if (known.size > 0) return Math.max(...known);
    const isOther = this.versions[this.#current]?.image !== image;
    if (!isOutdated && !isOther) return this.#current;
    // No task of the version before is listed any more.
    const before = service.update?.state.startsWith('rollback') ? this.#earlier(image) : null;
    if (before !== null) return before;
    // Its tasks' image was not known: the service was read before the change, and what is up to date after it.
    if (!isOutdated && this.ofVersion(this.#current).length === 0) return this.#current;
    if (this.versions.length >= MAX_VERSIONS) return this.versions.length - 1;
    return this.versions.push({ image, since: time }) - 1;
  }

  #put({ id, upToDate, image, phase }: TaskView, seenAt: number): void {
    const known = this.#tasks.get(id);
    // One that had ended before the run is history.
    const wasOpen = known ? !known.ended : seenAt >= 0;
    this.#tasks.set(id, {
      version: known ? known.version : upToDate ? this.#current : this.#earlier(image),
      seenAt: known?.seenAt ?? seenAt,
      running: phase === 'running',
      ended: hasEnded(phase),
      failed: (known?.failed ?? false) || (wasOpen && phase === 'failed'),
    });
  }

  /** The latest earlier version with this image; null without one. */
  #earlier(image: string): number | null {
    const found = this.versions.findLastIndex(
      (version, index) => version.image === image && index !== this.#current,
    );
    return found < 0 ? null : found;
  }
}

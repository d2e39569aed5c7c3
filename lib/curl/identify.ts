import type { TaskView } from '../swarm/view';

/** Who answered: from the text of an answer to the task behind it. */

/** What the echo service says of itself. */
export interface EchoText {
  /** Its hostname: the first 12 characters of the container's id, unless the service sets one. */
  readonly container: string;
  readonly os: string;
  readonly arch: string;
  /** What it echoes: the path without its leading slash. */
  readonly said: string;
}

// A hostname has at most 253 characters (RFC 1123); what is longer is not one, and would be kept.
const ECHO =
  /^This is ([A-Za-z0-9][A-Za-z0-9._-]{0,252}) running on ([a-z0-9]{1,20})\/([a-z0-9]{1,20}) saying: ([\s\S]*)\n$/;

/** Reads `This is HOSTNAME running on OS/ARCH saying: …\n`; null when it says anything else. */
export function parseEcho(body: string): EchoText | null {
  const [, container, os, arch, said] = ECHO.exec(body) ?? [];
  if (container === undefined || os === undefined || arch === undefined || said === undefined) {
    return null;
  }
  return { container, os, arch, said };
}

/** A container's name, as long as its service gives it none. */
const CONTAINER = /(?<![0-9a-f])[0-9a-f]{12}(?![0-9a-f])/g;

/** The first word of a text that may be a container's name. */
export function containerIn(text: string): string | null {
  const [first] = text.match(CONTAINER) ?? [];
  return first ?? null;
}

/** What is kept of a task that may answer. */
export type KnownTask = Pick<TaskView, 'id' | 'name' | 'slot' | 'nodeId' | 'counts'> & {
  readonly container: string | null;
  /** The hostname that its service gives it; null for docker's own, the container's id. */
  readonly hostname: string | null;
};

/**
 * The tasks of one service, those included that the engine no longer lists: swarm forgets a
 * scaled-down task 0.2 s after it stopped, when its last answer may still be on its way.
 */
export class TaskIndex {
  readonly #byId = new Map<string, KnownTask>();
  readonly #byContainer = new Map<string, KnownTask>();
  /** Ids of the tasks that were given a hostname, oldest first. */
  readonly #byHostname = new Map<string, Set<string>>();

  constructor(readonly serviceId: string) {}

  /**
   * Takes in a picture's tasks. A task that is gone from it is kept, as no longer running.
   * `hostnameOf` tells the hostname that the service gives to a task, null when it gives none.
   */
  see(
    tasks: readonly TaskView[],
    hostnameOf: (task: TaskView) => string | null = () => null,
  ): void {
    const present = new Set<string>();
    for (const task of tasks) {
      if (task.serviceId !== this.serviceId) continue;
      present.add(task.id);
      this.#put({
        id: task.id,
        name: task.name,
        slot: task.slot,
        nodeId: task.nodeId,
        counts: task.counts,
        container: task.container,
        hostname: hostnameOf(task),
      });
    }
    for (const task of this.#byId.values()) {
      if (!present.has(task.id) && task.counts) this.#put({ ...task, counts: false });
    }
  }

  #put(task: KnownTask): void {
    this.#byId.set(task.id, task);
    if (task.container !== null) this.#byContainer.set(task.container, task);
    if (task.hostname === null) return;
    const namesakes = this.#byHostname.get(task.hostname);
    if (namesakes) namesakes.add(task.id);
    else this.#byHostname.set(task.hostname, new Set([task.id]));
  }

  /** A task by its id. */
  get(id: string): KnownTask | undefined {
    return this.#byId.get(id);
  }

  /**
   * The task behind what an answer called itself: the first 12 characters of its container's id, or
   * the hostname that its service gave it. Of several with one hostname it is the one that runs;
   * when more than one does, nobody can tell.
   */
  ofContainer(name: string): KnownTask | undefined {
    const task = this.#byContainer.get(name);
    if (task) return task;
    const namesakes = this.#named(name);
    const running = namesakes.filter((namesake) => namesake.counts);
    return running.length > 1 ? undefined : (running[0] ?? namesakes.at(-1));
  }

  /** Whether this is a hostname that several running tasks go by. */
  isShared(name: string): boolean {
    return this.#named(name).filter((task) => task.counts).length > 1;
  }

  /** Whether several running tasks go by one hostname, so that their answers cannot be told apart. */
  get namesakes(): boolean {
    return [...this.#byHostname.keys()].some((name) => this.isShared(name));
  }

  #named(hostname: string): KnownTask[] {
    return [...(this.#byHostname.get(hostname) ?? [])].flatMap((id) => this.#byId.get(id) ?? []);
  }

  /** Ids of the tasks that run and are meant to. */
  running(): Set<string> {
    const ids = new Set<string>();
    for (const task of this.#byId.values()) if (task.counts) ids.add(task.id);
    return ids;
  }

  /**
   * The first container or hostname of this service that a text names. Services other than the
   * echo service have words of their own; many print their hostname (`Hostname: 0801fa03baa6`).
   */
  namedIn(text: string): string | null {
    for (const [word] of text.matchAll(CONTAINER)) {
      if (this.#byContainer.has(word)) return word;
    }
    if (this.#byHostname.size === 0) return null;
    for (const [word] of text.matchAll(/[A-Za-z0-9][A-Za-z0-9._-]*/g)) {
      if (this.#byHostname.has(word)) return word;
    }
    return null;
  }
}

/** What an answer called itself. `bad body` is for an echo service that does not echo. */
export function containerOf(
  index: TaskIndex,
  body: string,
  echo: boolean,
): { readonly container: string | null; readonly badBody: boolean } {
  const text = parseEcho(body);
  if (text) return { container: text.container, badBody: false };
  if (echo) return { container: null, badBody: true };
  return { container: index.namedIn(body), badBody: false };
}

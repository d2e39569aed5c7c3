import type { TaskView } from '../swarm/view';

/** The fields of the echo service's text. */
export interface EchoText {
  /** The hostname: the first 12 characters of the container's id, unless the service sets one. */
  readonly container: string;
  readonly os: string;
  readonly arch: string;
  /** The echoed path, without its leading slash. */
  readonly said: string;
}

// A hostname has at most 253 characters (RFC 1123).
const ECHO =
  /^This is ([A-Za-z0-9][A-Za-z0-9._-]{0,252}) running on ([a-z0-9]{1,20})\/([a-z0-9]{1,20}) saying: ([\s\S]*)\n$/;

/** Parses `This is HOSTNAME running on OS/ARCH saying: …\n`; null for any other text. */
export function parseEcho(body: string): EchoText | null {
  const [, container, os, arch, said] = ECHO.exec(body) ?? [];
  if (container === undefined || os === undefined || arch === undefined || said === undefined) {
    return null;
  }
  return { container, os, arch, said };
}

/** Docker's default hostname: 12 hexadecimal digits of the container's id. */
const CONTAINER = /(?<![0-9a-f])[0-9a-f]{12}(?![0-9a-f])/g;

/** The first word of a text that looks like a container's id. */
export function containerIn(text: string): string | null {
  const [first] = text.match(CONTAINER) ?? [];
  return first ?? null;
}

/** What is stored of a task that may answer. */
export type KnownTask = Pick<TaskView, 'id' | 'name' | 'slot' | 'nodeId'> & {
  readonly running: boolean;
  readonly container: string | null;
  /** The hostname set by its service; null for docker's default. */
  readonly hostname: string | null;
};

/**
 * The tasks of one service, including those that the engine no longer lists: swarm removes a scaled-down
 * task 0.2 s after it has stopped, when its last answer may still be on the way.
 */
export class TaskIndex {
  readonly #byId = new Map<string, KnownTask>();
  readonly #byContainer = new Map<string, KnownTask>();
  /** Ids of the tasks with this hostname, oldest first. */
  readonly #byHostname = new Map<string, Set<string>>();

  constructor(readonly serviceId: string) {}

  /**
   * Applies a view's tasks. A task that is no longer listed stays, as not running.
   * `hostnameOf` returns the hostname that the service sets for a task, null when it sets none.
   */
  applyView(
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
        running: task.phase === 'running',
        container: task.container,
        hostname: hostnameOf(task),
      });
    }
    for (const task of this.#byId.values()) {
      if (!present.has(task.id) && task.running) this.#put({ ...task, running: false });
    }
  }

  #put(task: KnownTask): void {
    this.#byId.set(task.id, task);
    if (task.container !== null) this.#byContainer.set(task.container, task);
    if (task.hostname === null) return;
    const sharedHostnames = this.#byHostname.get(task.hostname);
    if (sharedHostnames) sharedHostnames.add(task.id);
    else this.#byHostname.set(task.hostname, new Set([task.id]));
  }

  /** A task by its id. */
  get(id: string): KnownTask | undefined {
    return this.#byId.get(id);
  }

  /**
   * The task of an answer's hostname: the first 12 characters of its container's id, or the hostname set
   * by its service. Of several tasks with one hostname it is the running one; undefined when more than
   * one is running.
   */
  ofContainer(name: string): KnownTask | undefined {
    const task = this.#byContainer.get(name);
    if (task) return task;
    const sharedHostnames = this.#named(name);
    const running = sharedHostnames.filter((namesake) => namesake.running);
    return running.length > 1 ? undefined : (running[0] ?? sharedHostnames.at(-1));
  }

  /** Whether several running tasks have this hostname. */
  isShared(name: string): boolean {
    return this.#named(name).filter((task) => task.running).length > 1;
  }

  /** Whether any running tasks share a hostname, so that their answers cannot be distinguished. */
  get sharedHostnames(): boolean {
    return [...this.#byHostname.keys()].some((name) => this.isShared(name));
  }

  #named(hostname: string): KnownTask[] {
    return [...(this.#byHostname.get(hostname) ?? [])].flatMap((id) => this.#byId.get(id) ?? []);
  }

  /** Ids of the tasks that count as running. */
  running(): Set<string> {
    const ids = new Set<string>();
    for (const task of this.#byId.values()) if (task.running) ids.add(task.id);
    return ids;
  }

  /**
   * The first container id or hostname of this service in a text. Services other than the echo service have
   * their own format; many print their hostname (`Hostname: 0801fa03baa6`).
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

/** The hostname in an answer. `badBody`: the echo service did not send its text. */
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

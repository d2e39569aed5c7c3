import { rfc3339Nano } from './clock';
import { echoExitCode } from './echo/arguments';
import { findImage } from './images';
import type { ContainerMove } from './agent';
import type { TaskRecord } from './store';
import type { Swarm } from './swarm';

/** A line of a container. */
export interface ContainerLine {
  /** With nine digits of a second, by the clock of the container's node. */
  time: string;
  stream: 'stdout' | 'stderr';
  text: string;
}

/** The lines of one task. */
interface TaskLog {
  task: TaskRecord;
  lines: ContainerLine[];
  /** Lines so far: makes each time unique, as a node's clock does. */
  count: number;
}

/** Lines of a task that its node keeps. Docker keeps all by default; a demo that runs for weeks must not. */
const MAX_LINES = 2000;

type Listener = (task: TaskRecord, line: ContainerLine) => void;

/** What the containers have written, as their nodes keep it: until the task's record is deleted. */
export class ContainerLogs {
  private readonly logs = new Map<string, TaskLog>();
  private readonly listeners = new Set<Listener>();

  constructor(private readonly swarm: Swarm) {
    swarm.onMove((move) => this.follow(move));
    swarm.store.onChange(({ kind, action, record }) => {
      if (kind === 'task' && action === 'remove') this.logs.delete(record.api.ID);
    });
  }

  /** Returns the function that unsubscribes. */
  onLine(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** The lines of a task that are kept, oldest first. */
  of(task: TaskRecord): readonly ContainerLine[] {
    return this.logs.get(task.api.ID)?.lines ?? [];
  }

  /** A container writes one line; `at` in ms, by default now. */
  write(task: TaskRecord, stream: ContainerLine['stream'], text: string, at?: number): void {
    const { store, clock } = this.swarm;
    // A driver that keeps nothing.
    const isKept = task.api.Spec.LogDriver?.Name !== 'none';
    if (!isKept || store.tasks.get(task.api.ID) !== task) return;
    const log = this.logs.get(task.api.ID) ?? { task, lines: [], count: 0 };
    this.logs.set(task.api.ID, log);
    log.count += 1;
    const node = store.nodes.get(task.api.NodeID ?? '');
    const skewMs = (node && this.swarm.agentOf(node)?.skewMs) ?? 0;
    const line = { time: nineDigits((at ?? clock.now()) + skewMs, log.count), stream, text };
    log.lines.push(line);
    // In blocks, so that a full log does not move all its lines for each new one.
    if (log.lines.length > 1.25 * MAX_LINES) log.lines.splice(0, log.lines.length - MAX_LINES);
    for (const listener of this.listeners) listener(task, line);
  }

  /** What a container writes when it starts and ends. */
  private follow({ task, container, move, exitCode }: ContainerMove): void {
    const { Image, Args } = task.api.Spec.ContainerSpec;
    const image = findImage(Image);
    const say = (text: string, at?: number) => this.write(task, 'stderr', text, at);
    const serves = image?.isEchoServer === true && echoExitCode(Args ?? []) === undefined;
    if (move === 'start' && serves) {
      // Those that a demo starts with have been running for a while.
      const { State, Timestamp } = task.api.Status;
      const at = State === 'running' ? Date.parse(Timestamp) : undefined;
      say(`echo-server: ${container.slice(0, 12)} listens on [::]:${image.listens}`, at);
    }
    if (move === 'stopping' && serves)
      say('echo-server: stopping: finishing what is being answered');
    if (move === 'die')
      for (const text of lastWords(image?.isEchoServer, Args, exitCode)) say(text);
  }
}

/** What a process that ends by itself writes before. */
function lastWords(
  isEchoServer: boolean | undefined,
  args: readonly string[] | null | undefined,
  exitCode: number | undefined,
): string[] {
  if (isEchoServer && echoExitCode(args ?? []) === exitCode && exitCode !== undefined) {
    const unknown = (args ?? []).find((text) => echoExitCode([text]) === 2);
    if (exitCode === 2 && unknown?.startsWith('-')) {
      return [
        `flag provided but not defined: -${unknown.replace(/^--?/, '').replace(/=.*/, '')}`,
        ...USAGE,
      ];
    }
    if (exitCode === 2) return [`unexpected argument ${JSON.stringify(unknown ?? '')}`, ...USAGE];
    return exitCode === 0 ? USAGE : ['echo-server: unhealthy: connection refused'];
  }
  // The image that crashes.
  if (isEchoServer === false && exitCode === 1)
    return ['panic: GREETING is not set', '', 'goroutine 1 [running]:', 'main.main()'];
  return [];
}

const USAGE = [
  'Usage of echo-server:',
  '  -healthcheck',
  '    \task the server that listens on that address for an answer, exit 0 if it gave one, else 1',
  '  -linger duration',
  "    \twith -healthcheck: after the container's first report, wait this long before reporting it healthy",
  '  -listen address',
  '    \taddress to listen on; the default takes its port from PORT, else 8080 (default ":8080")',
];

/** RFC 3339 with nine digits, as the engine prints the times of a log. `unique`: for the digits below a microsecond. */
function nineDigits(ms: number, unique: number): string {
  const [, whole = '', fraction = ''] = /^([^.Z]+)(?:\.(\d+))?Z$/.exec(rfc3339Nano(ms)) ?? [];
  return `${whole}.${fraction.padEnd(6, '0')}${String(unique % 1000).padStart(3, '0')}Z`;
}

import type { Engine } from '@/lib/engine';
import type { LogEntry, LogLine } from '@/lib/swarm/logs/lines';

/** A line of a task on `id-ctrl`; `n` is its time in milliseconds. */
export function aLogLine(n: number, over: Partial<LogLine> = {}): LogLine {
  return {
    kind: 'line',
    time: `${new Date(Date.UTC(2026, 0, 1, 12) + n).toISOString().slice(0, -1)}000000Z`,
    taskId: 'task-1',
    nodeId: 'id-ctrl',
    stream: 'stdout',
    text: `line ${n}`,
    cut: false,
    ...over,
  };
}

/** An open log stream of the scripted engine. */
interface LogStream {
  target: Parameters<Engine['logs']>[0];
  options: Parameters<Engine['logs']>[1];
  signal: AbortSignal;
  /** Sends entries. */
  send(...entries: LogEntry[]): void;
  /** Ends the stream, or breaks it with an error. */
  end(error?: Error): void;
}

/** The log streams of a scripted engine, which a test writes to. */
export class ScriptedLogs {
  /** Every stream so far. */
  readonly streams: LogStream[] = [];
  /** If set, no stream opens. */
  error: Error | null = null;

  /** The last stream. */
  get last(): LogStream {
    const stream = this.streams.at(-1);
    if (!stream) throw new Error('no log was opened');
    return stream;
  }

  async *read(...[target, options, signal, onOpen]: Parameters<Engine['logs']>) {
    const waiting: LogEntry[][] = [];
    let ended: { error: Error | undefined } | null = null;
    let wake = () => {};
    this.streams.push({
      target,
      options,
      signal,
      send(...entries) {
        waiting.push(entries);
        wake();
      },
      end(error) {
        ended = { error };
        wake();
      },
    });
    await Promise.resolve();
    if (this.error) throw this.error;
    onOpen?.();
    signal.addEventListener('abort', () => wake());
    while (!signal.aborted) {
      const next = waiting.shift();
      if (next) yield next;
      else if (ended) {
        const { error } = ended as { error: Error | undefined };
        if (error) throw error;
        return;
      } else await new Promise<void>((resolve) => (wake = resolve));
    }
  }
}

import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { Duplex } from 'node:stream';
import type { EngineAddress } from './address';
import { sshFailure } from './ssh-errors';

type SshAddress = EngineAddress & { kind: 'ssh' };

/** Longer than a Pi's sshd needs under load, shorter than a call's deadline (s). */
const CONNECT_TIMEOUT_S = 10;
/** Three unanswered questions end the connection: a lost link shows after 45 s and not after hours (s). */
const ALIVE_INTERVAL_S = 15;
/** Only the end of what ssh prints is needed. */
const MAX_STDERR = 8192;
/** With ControlPersist, a background ssh can hold stderr open after this one's exit (ms). */
const STDERR_MS = 100;

/**
 * The arguments of `ssh` as docker/cli has them (cli/connhelper), and two of our own. BatchMode:
 * a server in the background has nobody to type a password, and a prompt would hang or take the
 * launcher's terminal; so ssh fails at once and the failure says what to set up.
 */
export function sshArguments({ host, user, port, socketPath }: SshAddress): string[] {
  return [
    ...(user ? ['-l', user] : []),
    ...(port ? ['-p', String(port)] : []),
    '-o',
    `ConnectTimeout=${CONNECT_TIMEOUT_S}`,
    '-o',
    'BatchMode=yes',
    '-o',
    `ServerAliveInterval=${ALIVE_INTERVAL_S}`,
    '-T',
    '--',
    host,
    'docker',
    ...(socketPath ? ['--host', `unix://${socketPath}`] : []),
    'system',
    'dial-stdio',
  ];
}

/**
 * One connection to an engine through the system's ssh: its keys, agent, config and known hosts
 * are the user's. Has what node:http asks of a socket. Ends with an `EngineError` that holds what
 * ssh printed. Its process ends with it; and when this process dies, as its input then ends.
 */
export class SshConnection extends Duplex {
  /** As a socket's: what `setTimeout` was called with. */
  timeout = 0;
  readonly #child: ChildProcessWithoutNullStreams;
  #stderr = '';
  #received = false;
  #idle: NodeJS.Timeout | undefined;

  constructor(address: SshAddress) {
    super({ allowHalfOpen: false });
    const child = spawn('ssh', sshArguments(address), { stdio: 'pipe' });
    this.#child = child;
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-MAX_STDERR);
    });
    child.stdout.on('data', (chunk: Buffer) => {
      this.#received = true;
      this.#idle?.refresh();
      if (!this.push(chunk)) child.stdout.pause();
    });
    // EPIPE when ssh has gone; its exit says why.
    child.stdin.on('error', () => {});
    child.on('error', (error) => this.destroy(sshFailure(address, { spawn: error })));
    // At once, so that an ended connection is not taken for the next request.
    child.stdout.once('end', () => {
      if (this.#received) this.push(null);
    });
    child.stdout.once('close', () => this.#over(address));
    child.once('exit', () => this.#over(address));
    child.stderr.once('close', () => this.#over(address));
  }

  /** Fails once an ssh that brought nothing has ended, and everything that it printed has been read. */
  #over(address: SshAddress): void {
    const { exitCode, signalCode, stdout, stderr } = this.#child;
    if (this.#received || this.destroyed) return;
    if ((exitCode === null && signalCode === null) || !stdout.closed) return;
    if (stderr.closed) this.destroy(sshFailure(address, { code: exitCode, stderr: this.#stderr }));
    else setTimeout(() => stderr.destroy(), STDERR_MS);
  }

  override _read(): void {
    this.#child.stdout.resume();
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#idle?.refresh();
    // A failed write is no failure of its own: ssh has ended, and its exit says why.
    this.#child.stdin.write(chunk, () => done());
  }

  /** Not waited for: the input of an ssh that has exited never finishes. */
  override _final(done: () => void): void {
    this.#child.stdin.end();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    clearTimeout(this.#idle);
    const { stdin, stdout, stderr } = this.#child;
    for (const stream of [stdin, stdout, stderr]) stream.destroy();
    this.#child.kill();
    done(error);
  }

  /** As a socket's: emits `timeout` after `ms` without traffic; 0 ends that, and removes the listener. */
  setTimeout(ms: number, onTimeout?: () => void): this {
    clearTimeout(this.#idle);
    this.timeout = ms;
    if (onTimeout && ms > 0) this.once('timeout', onTimeout);
    else if (onTimeout) this.removeListener('timeout', onTimeout);
    this.#idle = ms > 0 ? setTimeout(() => this.emit('timeout'), ms).unref() : undefined;
    return this;
  }

  /** ssh keeps its connection alive itself. */
  setKeepAlive(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  /** An idle connection must not keep the process from ending. */
  unref(): this {
    return this.#hold('unref');
  }

  ref(): this {
    return this.#hold('ref');
  }

  #hold(change: 'ref' | 'unref'): this {
    this.#child[change]();
    for (const stream of [this.#child.stdin, this.#child.stdout, this.#child.stderr]) {
      // Pipes of a child process are sockets, which the types do not say.
      (stream as Partial<Record<typeof change, () => void>>)[change]?.();
    }
    return this;
  }
}

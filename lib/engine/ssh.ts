import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { Duplex } from 'node:stream';
import type { EngineAddress } from './address';
import { sshFailure } from './ssh-errors';

type SshAddress = EngineAddress & { kind: 'ssh' };

/** Longer than a Pi's sshd needs under load, shorter than a call's timeout (s). */
const CONNECT_TIMEOUT_S = 10;
/** After three keepalives without a response ssh exits: a lost link is noticed after 45 s, not after hours (s). */
const ALIVE_INTERVAL_S = 15;
/** Maximum of ssh's output that is kept, from its end. */
const MAX_STDERR = 8192;
/** With ControlPersist, a background ssh can hold stderr open after this one's exit (ms). */
const STDERR_MS = 100;

/**
 * The arguments of `ssh` as in docker/cli (cli/connhelper), and two of our own. BatchMode: no user can type a
 * password for a server in the background, and a prompt would hang or take the launcher's terminal; so ssh fails
 * at once, with an error on what to set up.
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
 * One connection to an engine through the system's ssh, with the user's keys, agent, config and known hosts. Has the
 * methods that node:http calls on a socket. Fails with an `EngineError` that contains ssh's output. Its process
 * exits with it, and when this process dies, as its input then ends.
 */
export class SshConnection extends Duplex {
  /** As of a socket: the value passed to `setTimeout`. */
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
    // EPIPE after ssh has exited; its exit code is the reason.
    child.stdin.on('error', () => {});
    child.on('error', (error) => this.destroy(sshFailure(address, { spawn: error })));
    // At once, so that the next request does not reuse an ended connection.
    child.stdout.once('end', () => {
      if (this.#received) this.push(null);
    });
    child.stdout.once('close', () => this.#over(address));
    child.once('exit', () => this.#over(address));
    child.stderr.once('close', () => this.#over(address));
  }

  /** Fails after an ssh without any response has exited and its output has been read. */
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
    // Not a separate error: ssh has exited, and its exit code is the reason.
    this.#child.stdin.write(chunk, () => done());
  }

  /** Does not wait: the input of an ssh that has exited never finishes. */
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

  /** As of a socket: emits `timeout` after `ms` without traffic; 0 turns that off and removes the listener. */
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

  /** An idle connection must not keep the process alive. */
  unref(): this {
    return this.#hold('unref');
  }

  ref(): this {
    return this.#hold('ref');
  }

  #hold(change: 'ref' | 'unref'): this {
    this.#child[change]();
    for (const stream of [this.#child.stdin, this.#child.stdout, this.#child.stderr]) {
      // Pipes of a child process are sockets, unlike in their types.
      (stream as Partial<Record<typeof change, () => void>>)[change]?.();
    }
    return this;
  }
}

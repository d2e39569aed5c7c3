import { shell } from '../swarm/shell';
import { sshTarget, type EngineAddress } from './address';
import { EngineError, type EngineErrorKind } from './errors';

type SshAddress = EngineAddress & { kind: 'ssh' };

/** How an ssh without a response ended: it could not be started, or it exited. */
export type SshEnd = { spawn: Error } | { code: number | null; stderr: string };

type Rule = [
  pattern: RegExp,
  kind: EngineErrorKind,
  /** Null: ssh's output. */
  message: ((target: string) => string) | null,
  next: (target: string) => string,
];

/** The remote shell's exit code for a missing command; its text depends on the language. */
const COMMAND_NOT_FOUND = 127;

/** Output of OpenSSH (never translated), then of `docker system dial-stdio` on the remote machine. */
const RULES: Rule[] = [
  [
    /REMOTE HOST IDENTIFICATION HAS CHANGED/,
    'ssh',
    (target) => `The ssh host key of ${target} is another one than before.`,
    (target) =>
      `If that machine was installed anew, remove the old key with \`ssh-keygen -R HOST\`, then accept the new one with \`${shell`ssh ${target}`}\`; if not, another machine answers in its place.`,
  ],
  [
    /Host key verification failed/,
    'ssh',
    (target) => `ssh does not know the host key of ${target} yet.`,
    (target) => `Run \`${shell`ssh ${target}`}\` once in a terminal and accept it.`,
  ],
  [
    /Permission denied \(/,
    'ssh',
    null,
    (target) =>
      `The dashboard cannot type a password: let a key in with \`${shell`ssh-copy-id ${target}`}\`, and try \`${shell`ssh ${target} docker version`}\` as the user that runs the dashboard.`,
  ],
  [
    /Could not resolve hostname/,
    'ssh',
    null,
    () => 'Check the name in the address, or write the address in numbers.',
  ],
  [
    /Connection refused|timed out|No route to host|Network is unreachable/,
    'ssh',
    null,
    () => 'Check that the machine is on, and that its ssh server runs at this port.',
  ],
  [
    /dial unix .*permission denied|permission denied while trying to connect to the docker/i,
    'socket-permission',
    (target) => `The user of ${target} may not open the Docker socket there.`,
    (target) =>
      `On that machine run \`sudo usermod -aG docker USER\`, then try \`${shell`ssh ${target} docker version`}\`.`,
  ],
  [
    /dial unix .*no such file or directory/,
    'socket-missing',
    (target) => `There is no Docker socket where ${target} looks for one.`,
    () => 'Start Docker on that machine, or write the path of its socket after the host.',
  ],
  [
    /dial unix .*connection refused|Cannot connect to the Docker daemon/,
    'engine-stopped',
    (target) => `The Docker engine of ${target} is not running.`,
    () => 'On that machine start it: `sudo systemctl start docker`.',
  ],
  [
    /is not a docker command|dial-stdio/,
    'ssh',
    (target) => `The docker command on ${target} is too old to be used over ssh.`,
    () => 'Install Docker 18.09 or newer there.',
  ],
];

/** Why a connection over ssh failed, by ssh's output and exit code. */
export function sshFailure(address: SshAddress, end: SshEnd): EngineError {
  const target = sshTarget(address);
  if ('spawn' in end) {
    const missing = (end.spawn as NodeJS.ErrnoException).code === 'ENOENT';
    return new EngineError(
      'ssh',
      missing
        ? 'The program ssh is not installed here.'
        : `ssh could not be started: ${end.spawn.message}`,
      missing ? 'Install it: `sudo apt install openssh-client`.' : undefined,
      { cause: end.spawn },
    );
  }
  const { code, stderr } = end;
  // Not for 127: the remote shell did not find the command, regardless of its text.
  if (code === COMMAND_NOT_FOUND) {
    return new EngineError(
      'ssh',
      `There is no docker command on ${target}.`,
      `Install Docker there; \`${shell`ssh ${target} docker version`}\` has to work.`,
      { cause: new Error(stderr) },
    );
  }
  const words = reason(stderr) ?? `it ended with exit code ${code} before anything answered.`;
  const rule = RULES.find(([pattern]) => pattern.test(stderr));
  return new EngineError(
    rule?.[1] ?? 'ssh',
    rule?.[2]?.(target) ?? `ssh to ${target} failed: ${words}`,
    rule?.[3](target) ?? `Try \`${shell`ssh ${target} docker version`}\` in a terminal.`,
    { cause: new Error(stderr) },
  );
}

/** The last line, as ssh prints banners and warnings first; without a leading `ssh:` or `pi@ctrl:`. */
function reason(text: string): string | undefined {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const last = lines.filter((line) => line !== '').at(-1);
  return last?.replace(/^(ssh|\S+@\S+): /, '').replace(/\.?$/, '.');
}

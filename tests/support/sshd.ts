import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** The name of the machine's real ssh for the wrapper program. */
const SSH = '/usr/bin/ssh';
const SSHD = '/usr/sbin/sshd';

/** A real OpenSSH server with its own port and keys, and a client configured for it. */
export interface Sshd {
  port: number;
  /** First on the PATH, it is an `ssh` that uses the keys and known hosts of this directory only. */
  path: string;
  /** Changes the client's known hosts and keys until the next `restore`. */
  forgetHost(): void;
  changeHost(): void;
  loseKey(): void;
  /** PATH of a session; sshd's default if undefined. */
  sessionPath(path?: string): void;
  restore(): void;
  close(): Promise<void>;
}

/** Starts one on loopback; one server process per connection, as from inetd. Needs root. */
export async function startSshd(): Promise<Sshd> {
  const directory = mkdtempSync(join(tmpdir(), 'clusterhat-sshd-'));
  const at = (name: string) => join(directory, name);
  const publicKey = (name: string) =>
    execFileSync('ssh-keygen', ['-y', '-f', at(name)], { encoding: 'utf8' }).trim();
  for (const name of ['host', 'other-host', 'user', 'other-user']) {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at(name)]);
  }
  writeFileSync(at('authorized'), publicKey('user'));
  // The chroot of sshd's unprivileged process; it may not exist without a running sshd.
  mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });

  const sessionPath = (path?: string) =>
    writeFileSync(
      at('sshd_config'),
      [
        `HostKey ${at('host')}`,
        `AuthorizedKeysFile ${at('authorized')}`,
        'AuthenticationMethods publickey',
        'PermitRootLogin prohibit-password',
        'StrictModes no',
        // Without PAM sshd refuses an account whose password is locked, as root's is on many machines.
        `UsePAM ${isLocked() ? 'yes' : 'no'}`,
        ...(path === undefined ? [] : [`SetEnv PATH=${path}`]),
        '',
      ].join('\n'),
    );

  const sessions = new Set<ChildProcess>();
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    const stdio = [socket, socket, 'ignore'] as const;
    const session = spawn(SSHD, ['-i', '-f', at('sshd_config')], { stdio: [...stdio] });
    sessions.add(session);
    session.once('exit', () => sessions.delete(session));
    // The session owns the connection now.
    socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  const knowHost = (name: string) =>
    writeFileSync(at('known_hosts'), `[127.0.0.1]:${port} ${publicKey(name)}\n`);
  const restore = () => {
    sessionPath();
    knowHost('host');
    copyFileSync(at('user'), at('identity'));
  };
  restore();
  writeFileSync(
    at('ssh_config'),
    `IdentityFile ${at('identity')}\nIdentitiesOnly yes\nIdentityAgent none\nUserKnownHostsFile ${at('known_hosts')}\nGlobalKnownHostsFile none\n`,
  );
  mkdirSync(at('bin'));
  writeFileSync(join(at('bin'), 'ssh'), `#!/bin/sh\nexec ${SSH} -F ${at('ssh_config')} "$@"\n`);
  chmodSync(join(at('bin'), 'ssh'), 0o755);

  return {
    port,
    path: `${at('bin')}${delimiter}${process.env['PATH']}`,
    forgetHost: () => writeFileSync(at('known_hosts'), ''),
    changeHost: () => knowHost('other-host'),
    loseKey: () => copyFileSync(at('other-user'), at('identity')),
    sessionPath,
    restore,
    async close() {
      server.close();
      await Promise.all(
        [...sessions].map(async (session) => {
          const ended = once(session, 'exit');
          session.kill();
          await ended;
        }),
      );
      rmSync(directory, { recursive: true });
    },
  };
}

/** Whether this user, root, has a locked password. */
function isLocked(): boolean {
  return /^root:!/m.test(readFileSync('/etc/shadow', 'utf8'));
}

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeCgroups, removeCgroups } from './cgroups';
import { type Finished, run, tryRun, until } from './exec';
import { LabFailure } from './failure';
import { dataDirOf, logOf, type NodeName } from './layout';
import { innerPid, startDetached } from './nodes';
import { childOf, ended, identify, type ProcessId, signal } from './processes';
import type { LabState } from './state';

const SYSTEMD_SCRIPT = fileURLToPath(new URL('systemd.sh', import.meta.url));

/** Options of a shell in a node. */
export interface ShellOptions {
  /** Working directory. */
  cwd?: string;
  env?: Record<string, string>;
  /** Commands that the machine lacks or that mean something else here: shell functions by name. */
  functions?: Record<string, string>;
}

const SETTINGS = {
  PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
  // Debian's docker client has BuildKit built in; it alone builds for another platform than its own.
  DOCKER_BUILDKIT: '1',
};

/** All commands run as root. */
const FUNCTIONS = { sudo: '"$@"' };

/**
 * Runs shell commands on a node as a logged-in user does: its network, its host name, its engine
 * at Docker's usual socket, and a temporary /opt.
 */
export async function shellOn(
  state: LabState,
  node: NodeName,
  script: string,
  options: ShellOptions = {},
): Promise<Finished> {
  const outer = state.nodes[node];
  const inner = outer && innerPid(outer);
  if (inner === undefined) throw new LabFailure(`${node} does not run`);
  const own = ['unshare', '--mount', 'sh', '-ec', 'mount -t tmpfs tmpfs /opt; exec sh -eu'];
  return shell(['-t', String(inner), '-m', '-n', '-u', '-i', '-p', '--', ...own], script, options);
}

function shell(
  namespaces: readonly string[],
  script: string,
  { cwd, env, functions }: ShellOptions,
): Promise<Finished> {
  const settings = Object.entries({ ...SETTINGS, ...env }).map((pair) => pair.join('='));
  const lines = Object.entries({ ...FUNCTIONS, ...functions }).map(
    ([name, body]) => `${name}() { ${body}; }`,
  );
  if (cwd !== undefined) lines.push(`cd '${cwd}'`);
  return tryRun(
    'env',
    ['-i', ...settings, '/usr/bin/nsenter', ...namespaces],
    [...lines, script].join('\n'),
  );
}

/** A booted systemd in a node's network, with the node's engine: a controller to install things on. */
export interface Controller {
  /** Runs shell lines as root there. */
  shell(script: string, options?: ShellOptions): Promise<Finished>;
  /** Copies the content of a local folder into one there. */
  copy(from: string, to: string): Promise<void>;
  /** Kills it with all its processes; its file system was in memory. */
  powerOff(): Promise<void>;
}

/** Boots this machine's systemd beside a node's engine, on a copy of the file system that is thrown away. */
export async function bootController(state: LabState, node: NodeName): Promise<Controller> {
  const engine = state.nodes[node];
  const inner = engine && innerPid(engine);
  if (inner === undefined) throw new LabFailure(`${node} does not run`);
  const scratch = join(dataDirOf(node), 'systemd');
  const log = `${logOf(node)}.systemd`;
  const groups = makeCgroups('controller');
  const enter = groups.map((group) => `echo $$ >'${group}/cgroup.procs'`).join('\n');
  const namespaces = ['-t', String(inner), '-m', '-n', '-u', '--'];
  const own = ['--mount', '--pid', '--uts', '--ipc', '--cgroup', '--fork', '--kill-child=SIGKILL'];
  const boot = ['unshare', ...own, '--', 'sh', SYSTEMD_SCRIPT, scratch, process.execPath];
  const outer = startDetached(
    'sh',
    ['-ec', `${enter}\nexec "$@"`, 'sh', 'nsenter', ...namespaces, ...boot],
    log,
  );
  const controller: Controller = {
    shell: (script, options = {}) => shell([...inside(outer), '--', 'sh', '-eu'], script, options),
    copy: async (from, to) => {
      const pipe =
        'from=$1 to=$2; shift 2; tar -C "$from" -c . | nsenter "$@" sh -c "mkdir -p $to; tar -C $to -x"';
      await run('sh', ['-ec', pipe, 'sh', from, to, ...inside(outer), '--']);
    },
    powerOff: async () => {
      signal(outer, 'SIGKILL');
      const first = firstInside(outer);
      if (first !== undefined) signal(first, 'SIGKILL');
      await ended(outer);
      if (first !== undefined) await ended(first);
      await removeCgroups(() => groups);
    },
  };
  await until(`systemd to be up (see ${log})`, async () => {
    if (firstInside(outer) === undefined) return undefined;
    const seen = await controller.shell('systemctl is-active clusterhat-lab.target');
    return seen.stdout.trim() === 'active' ? true : undefined;
  });
  return controller;
}

function firstInside(outer: ProcessId): ProcessId | undefined {
  const pid = childOf(outer);
  return pid === undefined ? undefined : identify(pid);
}

function inside(outer: ProcessId): string[] {
  const first = firstInside(outer);
  if (first === undefined) throw new LabFailure('systemd has ended');
  return ['-t', String(first.pid), '-m', '-n', '-u', '-i', '-p', '-C'];
}

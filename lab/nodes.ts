import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EnginePrograms } from './engine-programs';
import { LabFailure } from './failure';
import { ping } from './engine';
import { until } from './exec';
import {
  addressesOf,
  CGROUP,
  dataDirOf,
  logOf,
  netnsOf,
  type NodeName,
  REGISTRY_PORT,
  runDirOf,
  socketOf,
  TLS_PORT,
  tlsDirOf,
} from './layout';
import { childOf, identify, isAlive, type ProcessId } from './processes';

const NODE_SCRIPT = fileURLToPath(new URL('node.sh', import.meta.url));

/** Starts a program that outlives this command and logs to a file; returns its identity. */
export function startDetached(
  command: string,
  args: readonly string[],
  logFile: string,
  env: NodeJS.ProcessEnv = process.env,
): ProcessId {
  const log = openSync(logFile, 'a');
  try {
    const child = spawn(command, args, {
      detached: true,
      stdio: ['ignore', log, log],
      cwd: '/',
      env,
    });
    // A missing program is reported by the event below and by the missing pid.
    child.on('error', () => undefined);
    child.unref();
    const id = child.pid === undefined ? undefined : identify(child.pid);
    if (id === undefined) throw new LabFailure(`${command} did not start; see ${logFile}`);
    return id;
  } finally {
    closeSync(log);
  }
}

/**
 * Starts a node's engine (this machine's own, or other programs) in its own namespaces and returns the
 * outer process, with which everything in the node ends. `nsenter`, not `ip netns exec`, which hides the
 * cgroup mounts.
 */
export function startNode(
  prefix: string,
  node: NodeName,
  programs: EnginePrograms | undefined,
): ProcessId {
  const registry = `${addressesOf(prefix).registry}:${REGISTRY_PORT}`;
  mkdirSync(runDirOf(node), { recursive: true });
  mkdirSync(dataDirOf(node), { recursive: true });
  const namespaces = [
    `--net=/run/netns/${netnsOf(node)}`,
    '--',
    'unshare',
    '--mount',
    '--uts',
    '--ipc',
    '--pid',
    '--fork',
    '--mount-proc',
    // Slave: the machine's unmounts reach the node, and the node's mounts do not reach the machine.
    '--propagation=slave',
    '--kill-child=SIGKILL',
  ];
  const engine = [
    'dockerd',
    `--host=unix://${socketOf(node)}`,
    // For bind mounts of tasks: the dashboard's service mounts this path.
    '--host=unix:///var/run/docker.sock',
    `--data-root=${dataDirOf(node)}/docker`,
    '--exec-root=/run/docker',
    '--pidfile=/run/docker.pid',
    `--cgroup-parent=/${CGROUP}/${node}`,
    '--exec-opt=native.cgroupdriver=cgroupfs',
    `--registry-mirror=http://${registry}`,
    `--insecure-registry=${registry}`,
    '--log-level=warn',
    ...tlsOptions(node),
  ];
  const script = ['sh', NODE_SCRIPT, node, runDirOf(node), dataDirOf(node), programs?.folder ?? ''];
  return startDetached('nsenter', [...namespaces, ...script, ...engine], logOf(node));
}

/**
 * A node that finds ca.pem, cert.pem and key.pem in its TLS directory when it starts also listens
 * on tcp, for clients with a certificate of that authority only.
 */
function tlsOptions(node: NodeName): string[] {
  const directory = tlsDirOf(node);
  if (!existsSync(directory)) return [];
  return [
    `--host=tcp://0.0.0.0:${TLS_PORT}`,
    '--tlsverify',
    `--tlscacert=${join(directory, 'ca.pem')}`,
    `--tlscert=${join(directory, 'cert.pem')}`,
    `--tlskey=${join(directory, 'key.pem')}`,
  ];
}

/** Waits until a node's engine responds; throws at once if its process has exited. */
export async function engineReady(node: NodeName, outer: ProcessId): Promise<void> {
  await until(`the engine of ${node} (see ${logOf(node)})`, async () => {
    if (!isAlive(outer)) {
      throw new LabFailure(`the engine of ${node} ended at once; see ${logOf(node)}`);
    }
    return (await ping(socketOf(node))) ? true : undefined;
  });
}

/** The pid, seen from the machine, of a node's first inner process, for entering its mount namespace. */
export function innerPid(outer: ProcessId): number | undefined {
  return isAlive(outer) ? childOf(outer) : undefined;
}

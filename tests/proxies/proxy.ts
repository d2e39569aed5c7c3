import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';

/** A proxy process of one test. */
export interface ProxyProcess {
  stop(): Promise<void>;
}

/** Starts Debian's nginx with one `server` block, which listens on `port`. */
export function startNginx(server: string, port: number): Promise<ProxyProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'clusterhat-nginx-'));
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${folder}/${kind};`,
  );
  // As root its workers run as another user, which may not open the folder.
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  const config = [
    `daemon off; worker_processes 1; pid ${folder}/pid; error_log stderr; ${user}`,
    `events {}`,
    `http { access_log off; ${temporary.join(' ')}\n${server}}`,
  ];
  writeFileSync(join(folder, 'nginx.conf'), config.join('\n'));
  return start('/usr/sbin/nginx', ['-e', 'stderr', '-c', join(folder, 'nginx.conf')], folder, port);
}

/** Starts Debian's Caddy with one site, which listens on `port`. */
export function startCaddy(site: string, port: number): Promise<ProxyProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'clusterhat-caddy-'));
  // No changes to this machine: no admin port, no port 80, no system certificate.
  const global =
    '{\n\tadmin off\n\tauto_https disable_redirects\n\tskip_install_trust\n\tgrace_period 1s\n}\n';
  writeFileSync(join(folder, 'Caddyfile'), global + site);
  const options = ['run', '--adapter', 'caddyfile', '--config', join(folder, 'Caddyfile')];
  return start('/usr/bin/caddy', options, folder, port);
}

async function start(
  program: string,
  options: string[],
  folder: string,
  port: number,
): Promise<ProxyProcess> {
  const child = spawn(program, options, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
  });
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-4000)));
  const stop = async () => {
    await end(child);
    rmSync(folder, { recursive: true, force: true });
  };
  for (let tries = 0; tries < 100; tries++) {
    if (await accepts(port)) return { stop };
    if (child.exitCode !== null) break;
    await later(50);
  }
  await stop();
  throw new Error(`${program} does not listen:\n${output}`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

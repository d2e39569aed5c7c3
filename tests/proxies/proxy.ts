import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';

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

/**
 * Starts Debian's Caddy with one site, which listens on `port`. `tlsName` is the site's name where it speaks TLS: its
 * certificate exists a moment after the port is open.
 */
export async function startCaddy(
  site: string,
  port: number,
  tlsName: string | null,
): Promise<ProxyProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'clusterhat-caddy-'));
  // No changes to this machine: no admin port, no port 80, no system certificate.
  const global =
    '{\n\tadmin off\n\tauto_https disable_redirects\n\tskip_install_trust\n\tgrace_period 1s\n}\n';
  writeFileSync(join(folder, 'Caddyfile'), global + site);
  const options = ['run', '--adapter', 'caddyfile', '--config', join(folder, 'Caddyfile')];
  const caddy = await start('/usr/bin/caddy', options, folder, port);
  if (tlsName === null || (await tries(() => hasCertificate(port, tlsName)))) return caddy;
  await caddy.stop();
  throw new Error(`Caddy has no certificate for ${tlsName}`);
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
  const ended = () => child.exitCode !== null;
  if (await tries(() => accepts(port), ended)) return { stop };
  await stop();
  throw new Error(`${program} does not listen:\n${output}`);
}

/** Whether `check` became true within 400 tries, 50 ms apart; ends early when `givenUp` is true. */
async function tries(check: () => Promise<boolean>, givenUp = () => false): Promise<boolean> {
  for (let n = 0; n < 400; n++) {
    if (await check()) return true;
    if (givenUp()) return false;
    await later(50);
  }
  return false;
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

function hasCertificate(port: number, name: string): Promise<boolean> {
  return new Promise((resolve) => {
    const to = { port, host: '127.0.0.1', servername: name, rejectUnauthorized: false };
    const socket = connectTls(to);
    socket.once('secureConnect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
    socket.once('secureConnect', () => socket.destroy());
  });
}

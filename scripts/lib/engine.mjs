import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { digestOf } from './digest.mjs';

const LOCAL = '/var/run/docker.sock';
const BUNDLE = 'dist/demo.mjs';
const STAMP = 'dist/demo-sources';

/**
 * Who answers at a socket: a swarm's manager, somebody else or nobody, or is it closed to this user?
 * @param {string} socketPath
 * @returns {Promise<'manager' | 'none' | 'refused'>}
 */
export function whoAnswers(socketPath) {
  return new Promise((resolve) => {
    const asked = request({ socketPath, path: '/info', timeout: 1500 }, (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (text) => (body += text));
      answer.on('end', () => {
        resolve(isManager(body) ? 'manager' : 'none');
      });
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', (/** @type {NodeJS.ErrnoException} */ { code }) =>
      resolve(code === 'EACCES' ? 'refused' : 'none'),
    );
    asked.end();
  });
}

/** @param {string} info what `/info` answered */
function isManager(info) {
  try {
    return JSON.parse(info).Swarm.ControlAvailable === true;
  } catch {
    return false;
  }
}

/** Bundles the demo into one file, unless it stands there made from these sources. */
export function ensureDemoBuilt() {
  const digest = digestOf(['demo', 'lib/swarm', 'package-lock.json', 'tsconfig.json']);
  if (existsSync(BUNDLE) && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === digest) return;
  const options = [
    '--bundle',
    '--platform=node',
    '--format=esm',
    '--target=node20',
    '--minify',
    '--log-level=warning',
  ];
  const { status } = spawnSync(
    'npx',
    ['--no-install', 'esbuild', 'demo/main.ts', ...options, `--outfile=${BUNDLE}`],
    {
      stdio: 'inherit',
    },
  );
  if (status !== 0) {
    console.error('clusterhat: the demo swarm could not be bundled, see above.');
    process.exit(status ?? 1);
  }
  mkdirSync('dist', { recursive: true });
  writeFileSync(STAMP, digest);
}

/**
 * Starts a demo swarm that ends with this process. Its socket is chosen here, so that the dashboard
 * can start beside it and not after it.
 * @returns {{ dockerHost: string, up: Promise<string> }} `up`: when it answers; where ctrl is entered
 */
function startDemo() {
  ensureDemoBuilt();
  const folder = join(process.env.XDG_RUNTIME_DIR ?? tmpdir(), `clusterhat-demo-${userInfo().uid}`);
  const socket = process.env.DEMO_SOCKET ?? join(folder, `${process.pid}.sock`);
  const demo = spawn(process.execPath, [BUNDLE, '--stdin', '--socket', socket], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  // Whatever ends this process may be meant for the demo too.
  let ending = false;
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => (ending = true));
  demo.on('exit', (code) => {
    if (ending) return;
    console.error(`clusterhat: the demo swarm ended (exit ${code}).`);
    process.exit(code || 1);
  });
  process.on('exit', () => demo.kill());
  const up = new Promise((resolve) => {
    createInterface({ input: demo.stdout }).on('line', (line) => {
      const [name, value = ''] = line.split('=');
      if (name === 'DEMO_ADDRESSES') resolve(value.split(',')[0]);
    });
  });
  return { dockerHost: `unix://${socket}`, up };
}

/**
 * Which engine to show: the one that `DOCKER_HOST` names, else the local one if it is a swarm's
 * manager, else the embedded demo swarm (or that in any case, with `--demo`).
 * @returns {Promise<{ dockerHost: string, words: Promise<string[]> }>} `words` say which, for the
 * terminal, once it answers
 */
export async function chooseEngine() {
  const given = process.env.DOCKER_HOST;
  const forced = process.argv.includes('--demo');
  if (!forced && given) return { dockerHost: given, words: Promise.resolve([`engine ${given}`]) };
  const local = forced ? 'none' : await whoAnswers(LOCAL);
  if (local === 'manager') {
    const dockerHost = `unix://${LOCAL}`;
    return { dockerHost, words: Promise.resolve([`engine ${dockerHost}`]) };
  }
  const { dockerHost, up } = startDemo();
  let why = 'no swarm manager answers here, so this is the embedded demo swarm';
  if (local === 'refused') {
    why = `you may not open ${LOCAL} (EACCES; try sudo, or the group docker), so this is the embedded demo swarm`;
  }
  const words = up.then((address) => [
    forced ? 'the embedded demo swarm' : why,
    // In quotes, as an interactive shell reads a ! as a wish for an older command.
    `in a second terminal: curl 'http://${address}:8888/Hello!'`,
    `                      export DOCKER_HOST=${dockerHost}; docker node ls`,
    'your own swarm: npm start on its manager, or DOCKER_HOST=tcp://MANAGER:PORT npm start',
  ]);
  return { dockerHost, words };
}

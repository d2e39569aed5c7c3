import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createInterface } from 'node:readline';
import { digestOf } from './digest.mjs';

const LOCAL = '/var/run/docker.sock';
const BUNDLE = 'dist/demo.mjs';
const STAMP = 'dist/demo-sources';

/**
 * @param {string} socketPath
 * @returns {Promise<boolean>} whether the manager of a swarm answers there
 */
function isManager(socketPath) {
  return new Promise((resolve) => {
    const asked = request({ socketPath, path: '/info', timeout: 1500 }, (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (text) => (body += text));
      answer.on('end', () => {
        try {
          resolve(JSON.parse(body).Swarm.ControlAvailable === true);
        } catch {
          resolve(false);
        }
      });
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(false));
    asked.end();
  });
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

/** @returns {Promise<string>} the `DOCKER_HOST` of a demo swarm that ends with this process */
function startDemo() {
  ensureDemoBuilt();
  const demo = spawn(process.execPath, [BUNDLE, '--stdin'], { stdio: ['pipe', 'pipe', 'inherit'] });
  return new Promise((resolve) => {
    createInterface({ input: demo.stdout }).on('line', (line) => {
      if (line.startsWith('DOCKER_HOST=')) resolve(line.slice('DOCKER_HOST='.length));
    });
    demo.on('exit', (code) => {
      console.error(`clusterhat: the demo swarm ended (exit ${code}).`);
      process.exit(code || 1);
    });
    // It shall not outlive us, nor be ended before us by a terminal's Ctrl-C.
    process.on('exit', () => demo.kill());
  });
}

/**
 * Which engine to show: the one that `DOCKER_HOST` names, else the local one if it is a swarm's
 * manager, else the embedded demo swarm (or that in any case, with `--demo`).
 * @returns {Promise<{ dockerHost: string, words: string[] }>} `words` say which, for the terminal
 */
export async function chooseEngine() {
  const given = process.env.DOCKER_HOST;
  const forced = process.argv.includes('--demo');
  if (!forced && given) return { dockerHost: given, words: [`engine ${given}`] };
  if (!forced && (await isManager(LOCAL))) {
    return { dockerHost: `unix://${LOCAL}`, words: [`engine unix://${LOCAL}`] };
  }
  const dockerHost = await startDemo();
  const why = forced
    ? 'the embedded demo swarm'
    : 'no swarm manager answers here, so this is the embedded demo swarm';
  return {
    dockerHost,
    words: [
      why,
      `in a second terminal: export DOCKER_HOST=${dockerHost}; docker node ls`,
      'your own swarm: npm start on its manager, or DOCKER_HOST=tcp://MANAGER:PORT npm start',
    ],
  };
}

// `npm test`: everything that this machine can run, and a line for each thing skipped and why.
// `npm test -- --install`: installs the Debian packages that are missing (as root), skips nothing.
// `npm test -- --engine NAME`: only the contract, on a lab whose manager has that engine (lab/README.md).
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { aptInstall } from './lib/apt.mjs';
import { audit } from './lib/audit.mjs';
import { ensureBuilt } from './lib/build.mjs';
import { canIsolate, has, stopAll } from './lib/commands.mjs';
import { engineLab, testEngine } from './lib/engine-tests.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { TestLab } from './lib/test-lab.mjs';
import { TestRun } from './lib/test-run.mjs';

const { install, engine } = readOptions();
const tests = new TestRun({ strict: install });
/** Two labs, as their tests mostly wait for swarm. */
const lab = new TestLab(process.env.CLUSTERHAT_LAB ?? 'test');
const controllerLab = new TestLab('test2');

function readOptions() {
  try {
    const options = /** @type {const} */ ({
      install: { type: 'boolean', default: false },
      engine: { type: 'string' },
    });
    return parseArgs({ options }).values;
  } catch (error) {
    console.error(`npm test: ${error instanceof Error ? error.message : String(error)}`);
    return process.exit(2);
  }
}

/** Debian's packages that the tests need besides the lab's own, by the program they bring. */
const PACKAGES = {
  'chromium-headless-shell': 'chromium-headless-shell',
  // The contract runs the real client on the demo.
  docker: 'docker.io',
  go: 'golang-go',
  gcc: 'gcc',
  'qemu-arm-static': 'qemu-user-static',
  // A controller to install the release on.
  'systemd-analyze': 'systemd',
  curl: 'curl',
  openssl: 'openssl',
  // An engine is reached over a real ssh.
  ssh: 'openssh-client',
  sshd: 'openssh-server',
  // What people put before the dashboard.
  nginx: 'nginx',
  caddy: 'caddy',
  // Both read /metrics.
  promtool: 'prometheus',
  prometheus: 'prometheus',
  // The proxy that deploy/socket-proxy.cfg is for.
  haproxy: 'haproxy',
};

/**
 * Packages that bring a server, with its systemd unit.
 * @type {Record<string, string>}
 */
const UNITS = {
  'openssh-server': 'ssh',
  nginx: 'nginx',
  caddy: 'caddy',
  prometheus: 'prometheus',
  haproxy: 'haproxy',
};

async function installPackages() {
  const missing = Object.entries(PACKAGES).flatMap(([program, name]) =>
    has(program) ? [] : [name],
  );
  if (missing.length === 0) return;
  console.log(`installing Debian packages: ${missing.join(' ')}`);
  if (!(await aptInstall([...missing, 'fonts-dejavu-core'])))
    console.error('apt-get failed, see above: what needs these packages will fail too.');
  // Debian enables the server that it installs; the tests run these themselves.
  for (const name of missing) {
    const unit = UNITS[name];
    if (unit) spawnSync('systemctl', ['disable', unit]);
  }
}

/** Checks the dependencies for known vulnerabilities, if this machine's registry answers that. */
async function auditDependencies() {
  const verdict = await audit();
  if ('unchecked' in verdict) {
    tests.note(`npm audit: not checked: ${verdict.unchecked}`);
    return;
  }
  if (!verdict.ok) console.log(verdict.problems.join('\n'));
  tests.count('no known vulnerabilities in the dependencies (npm audit)', verdict.ok);
}

process.on('exit', (code) => {
  lab.stopNow();
  controllerLab.stopNow();
  engineLab.stopNow();
  if (code !== 0 && tests.ok) tests.fail('the run ended before its end, see above');
  tests.summary();
});
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.once(signal, () => {
    stopAll();
    process.exit(1);
  });
}

/** npm's packages, from an empty cache. */
async function installDependencies() {
  const what = 'npm ci from the lock alone, with an empty npm cache';
  await tests.check(what, ['node', 'scripts/fresh-install.mjs']);
  await auditDependencies();
}

if (install) await tests.lanes([installDependencies, installPackages]);
ensureInstalled();

if (engine !== undefined) {
  await testEngine(tests, engine, { install, whole: true, buffered: false });
  process.exit(tests.ok ? 0 : 1);
}

const chromium = has('chromium-headless-shell') || has('chromium');
const noBrowser = 'needs Chromium (Debian: chromium-headless-shell)';
const REAL = 'tests/contract/real.test.ts';

async function check() {
  const CHECK = ['node', 'scripts/check.mjs', '--no-tests'];
  await tests.check('lock, format, lint, types, dead code', CHECK);
}

/** What needs neither a build nor a lab. */
async function unitTests() {
  await tests.vitest('unit tests, and the contract on the demo', ['unit*', 'contract'], {
    args: ['--coverage', '--exclude', REAL],
    whole: true,
    env: { EVERY_CASE: '1' },
  });
}

/** What is built of Go. */
async function echo() {
  if (has('go') && has('gcc') && has('qemu-arm-static')) {
    await tests.vitest('the echo server, and its image on an emulated Pi Zero', ['echo']);
  } else {
    tests.skip(
      'the echo server',
      'needs Go, gcc and QEMU (Debian: golang-go gcc qemu-user-static)',
    );
  }
}

/** The packed release. */
async function release() {
  const ARM = 'tests/release/arm.test.ts';
  const METRICS = 'tests/release/metrics.test.ts';
  await tests.vitest('the release: its archive and the clusterhat command', ['release'], {
    args: ['--exclude', ARM, '--exclude', METRICS],
  });
  if (has('promtool') && has('prometheus')) {
    await tests.vitest('the metrics in Prometheus, and the Grafana dashboard', ['release'], {
      files: [METRICS],
    });
  } else {
    tests.skip('the metrics in Prometheus', 'needs promtool and prometheus (Debian: prometheus)');
  }
  const KEYS = '/usr/share/keyrings/debian-archive-keyring.gpg';
  if (has('qemu-arm-static') && existsSync(KEYS)) {
    await tests.vitest('the release on 32-bit ARM', ['release'], { files: [ARM] });
  } else {
    tests.skip('the release on 32-bit ARM', 'needs Debian, and QEMU (qemu-user-static)');
  }
}

/** @param {boolean} isolated */
async function demo(isolated) {
  if (chromium) await tests.playwright('the page on the demo swarm', 'demo', { isolated });
  else tests.skip('the page on the demo swarm', noBrowser);
}

/** @param {boolean} isolated */
async function proxies(isolated) {
  if (chromium && has('nginx') && has('caddy')) {
    await tests.playwright('the page through nginx and Caddy', 'proxies', { isolated });
  } else {
    const why = 'needs them and Chromium (Debian: nginx caddy chromium-headless-shell)';
    tests.skip('the page through nginx and Caddy', why);
  }
}

const FLOOD = 'tests/attacks/under-attack.test.ts';

/** @param {boolean} isolated */
async function attacks(isolated) {
  // Two of them look at the page meanwhile.
  if (!chromium) return tests.skip('attacks on the server', noBrowser);
  await tests.vitest('attacks on the server', ['attacks'], {
    isolated,
    args: ['--exclude', FLOOD],
  });
}

/** All attacks at once for a minute: beside other stages there would be no telling what slows a tab. */
async function flood() {
  if (!chromium) return tests.skip('all attacks at once', noBrowser);
  await tests.vitest('all attacks at once', ['attacks'], { files: [FLOOD] });
}

const DOWN = 'tests/lab/down.test.ts';
const ON_CONTROLLER = 'tests/lab/controller-*.test.ts';
const STACK = 'tests/lab/deploy.test.ts';
const OTHER_ENGINE = 'tests/lab/other-engine.test.ts';
/** On the second lab, which has the time. */
const OPERATE = ['conflicts', 'logs', 'nodes'].map((name) => `tests/lab/${name}.test.ts`);

/** Builds and pushes the image that every test on a lab uses. */
const ECHO = ['node', 'scripts/lab.mjs', 'echo'];
/** @type {Promise<unknown>} */
let echoBuilt = Promise.resolve();

/** The first lab: the contract, the page and the tutorial. @param {() => void} browserDone */
async function swarm(browserDone) {
  const { env } = lab;
  echoBuilt = tests.check('the echo service runs on the lab', ECHO, { env });
  await echoBuilt;
  await tests.vitest('the contract on real engines', ['contract'], {
    files: [REAL],
    env: { ...env, CONTRACT_DOCKER_HOST: lab.dockerHost() },
  });
  await controllerLabUp;
  if (chromium) await tests.playwright('the page on the real swarm', 'lab', { env });
  else tests.skip('the page on the real swarm', noBrowser);
  browserDone();
  await tests.vitest('the lab and the tutorial', ['lab'], {
    env,
    args: [DOWN, ON_CONTROLLER, STACK, OTHER_ENGINE, ...OPERATE].flatMap((file) => [
      '--exclude',
      file,
    ]),
  });
}

/**
 * The second lab: the ways onto the controller, the deployed stack, and what changes a swarm.
 * @param {Promise<void>} browserDone labs that come and go would break the requests of another browser
 */
async function controller(browserDone) {
  const { env } = controllerLab;
  const why = await controllerLabUp;
  if (why !== null) {
    return tests.skip('the ways onto the controller, the stack, and labs that end', why);
  }
  // The second build finds what the first one compiled.
  await echoBuilt;
  await tests.check('the echo service runs on the second lab', ECHO, { env });
  await tests.vitest('the ways onto the controller, and the stack', ['lab'], {
    env,
    files: ['tests/lab/controller-', STACK],
  });
  await tests.vitest('changes, logs and nodes of the lab', ['lab'], { env, files: OPERATE });
  await browserDone;
  await tests.vitest('labs that end', ['lab'], { env, files: [DOWN] });
}

/**
 * Other engines than Debian bookworm's: the newest, and two older ones.
 * @param {Promise<void>} browserDone
 */
async function otherEngines(browserDone) {
  await browserDone;
  for (const name of ['newest', 'trixie', 'bullseye']) {
    await testEngine(tests, name, { install, whole: false, buffered: true });
  }
}

await ensureBuilt();
// Packed once, as several stages at once use it.
await tests.check('npm run release', ['node', 'scripts/release.mjs']);
const [noLab] = await Promise.all([lab.start({ install }), check()]);
/** @type {Promise<string | null>} */
let controllerLabUp = Promise.resolve(noLab);
if (noLab !== null) {
  tests.skip('everything on real engines', noLab);
  for (const stage of [unitTests, echo, release, demo, proxies, attacks]) await stage(false);
} else {
  const isolated = canIsolate();
  /** What can run beside everything else, the longest first. */
  const stages = [demo, attacks, release, unitTests, proxies, echo];
  const anywhere = stages.map((stage) => () => stage(isolated));
  if (!isolated) for (const stage of anywhere) await stage();
  controllerLabUp = controllerLab.start({ install, buffered: true });
  /** @type {() => void} */
  let browserDone = () => {};
  const browser = new Promise((/** @type {(value: void) => void} */ resolve) => {
    browserDone = resolve;
  });
  const labs = [() => swarm(browserDone).finally(browserDone), () => controller(browser)];
  const other = isolated ? [async () => {}] : [];
  await tests.lanes(
    [...labs, ...other],
    [...(isolated ? anywhere : []), () => otherEngines(browser)],
  );
  await tests.secondTries();
  const down = [await lab.stop(), await controllerLab.stop()];
  tests.count('the labs are taken down', !down.includes(false));
}
await flood();

process.exitCode = tests.ok ? 0 : 1;

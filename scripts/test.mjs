// `npm test`: everything that this machine can run, and a line for each thing skipped and why.
// `npm test -- --install`: installs the Debian packages that are missing (as root), skips nothing.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { aptInstall } from './lib/apt.mjs';
import { audit } from './lib/audit.mjs';
import { ensureBuilt } from './lib/build.mjs';
import { installsFromNothing } from './lib/fresh-install.mjs';
import { ensureInstalled } from './lib/install.mjs';

const install = process.argv.includes('--install');
const reports = mkdtempSync(join(tmpdir(), 'clusterhat-test-'));
const total = { passed: 0, failed: 0 };
/** @type {string[]} */
const skipped = [];
/** @type {string[]} */
const failures = [];
/** @type {string[]} What is neither passed nor failed nor this machine's to run. */
const notes = [];

/**
 * Runs one command on the terminal.
 * @param {string} command @param {string[]} args @param {Record<string, string>} [env]
 * @returns {boolean} whether it ended well
 */
function run(command, args, env = {}) {
  return (
    spawnSync(command, args, {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...env },
    }).status === 0
  );
}

/** @param {string} name @returns {boolean} whether there is such a program */
function has(name) {
  return (process.env.PATH ?? '').split(':').some((directory) => {
    try {
      accessSync(join(directory, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** @param {string} what @param {boolean} ok counts one thing that either passed or failed */
function count(what, ok) {
  total[ok ? 'passed' : 'failed']++;
  if (!ok) failures.push(what);
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${what}\n`);
}

/**
 * A step whose runner counts tests itself: its JSON report says how many.
 * @param {string} what
 * @param {string} file the report
 * @param {(report: any) => { passed: number, failed: number, skipped: number, why: string[] }} read
 * @param {() => boolean} go
 */
function counted(what, file, read, go) {
  console.log(`\n── ${what}`);
  const started = performance.now();
  const ok = go();
  console.log(`── ${what}: ${Math.round((performance.now() - started) / 1000)} s`);
  /** @type {{ passed: number, failed: number, skipped: number, why: string[] }} */
  let result = { passed: 0, failed: 0, skipped: 0, why: [] };
  try {
    result = read(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // No report: the runner itself broke, which counts as a failure below.
  }
  total.passed += result.passed;
  total.failed += result.failed;
  if (result.skipped > 0)
    skipped.push(`${result.skipped} of ${what}: the suite itself skips them here`);
  const broken = !ok && result.failed === 0;
  const empty = result.passed + result.failed === 0;
  if (broken || empty) total.failed++;
  if (!ok || empty) failures.push([what, ...result.why].join('\n  '));
}

/** @param {unknown} message @returns {string} its first two lines, without the colours of a terminal */
const beginning = (message) =>
  stripVTControlCharacters(String(message)).split('\n').slice(0, 2).join(' ').slice(0, 400);

/** @param {any} file @returns {any[]} the tests of one file in a report of vitest's that failed */
const failedTests = (file) =>
  file.assertionResults.filter((/** @type {any} */ test) => test.status === 'failed');

/**
 * What failed in a report of vitest's, a line each.
 * @param {any} report @returns {string[]}
 */
function vitestFailures(report) {
  return report.testResults.flatMap((/** @type {any} */ file) => {
    const tests = failedTests(file);
    if (file.status === 'failed' && tests.length === 0) {
      return [`${basename(file.name)}: ${beginning(file.message)}`];
    }
    return tests.map(
      (/** @type {any} */ test) =>
        `${basename(file.name)}: ${test.fullName}: ${beginning(test.failureMessages[0])}`,
    );
  });
}

/**
 * What failed in (a suite of) a report of Playwright's, a line each.
 * @param {any} suite @returns {string[]}
 */
function playwrightFailures(suite) {
  return [
    ...(suite.suites ?? []).flatMap(playwrightFailures),
    ...(suite.specs ?? [])
      .filter((/** @type {any} */ spec) => !spec.ok)
      .map((/** @type {any} */ spec) => {
        const errors = spec.tests.flatMap((/** @type {any} */ test) =>
          test.results.flatMap((/** @type {any} */ result) => result.errors),
        );
        return `${spec.file}:${spec.line}: ${spec.title}: ${beginning(errors[0]?.message)}`;
      }),
  ];
}

/**
 * @param {string} what
 * @param {string[]} projects
 * @param {{ env?: Record<string, string>, args?: string[] }} [more]
 */
function vitest(what, projects, { env = {}, args = [] } = {}) {
  const file = join(reports, `${what.replaceAll(/\W+/g, '-')}.json`);
  counted(
    what,
    file,
    (report) => ({
      passed: report.numPassedTests,
      // A file that could not begin has no failed test and is a failure all the same.
      failed:
        report.numFailedTests +
        report.testResults.filter(
          (/** @type {any} */ one) => one.status === 'failed' && failedTests(one).length === 0,
        ).length,
      skipped: report.numPendingTests + report.numTodoTests,
      why: vitestFailures(report),
    }),
    () =>
      run(
        'npx',
        [
          '--no-install',
          'vitest',
          'run',
          ...args,
          ...projects.flatMap((project) => ['--project', project]),
          '--reporter=default',
          '--reporter=json',
          `--outputFile.json=${file}`,
        ],
        env,
      ),
  );
}

/** @param {string} what @param {string} project */
function playwright(what, project) {
  const file = join(reports, `playwright-${project}.json`);
  counted(
    what,
    file,
    (report) => ({
      passed: report.stats.expected,
      failed: report.stats.unexpected + report.stats.flaky,
      skipped: report.stats.skipped,
      why: playwrightFailures(report),
    }),
    () =>
      run(
        'npx',
        [
          '--no-install',
          'playwright',
          'test',
          '-c',
          'tests/e2e/playwright.config.ts',
          `--project=${project}`,
        ],
        { PLAYWRIGHT_JSON_OUTPUT_NAME: file },
      ),
  );
}

/** Debian's packages that the tests need besides the lab's own, by the program they bring. */
const PACKAGES = {
  '/usr/bin/chromium': 'chromium',
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
  '/usr/sbin/sshd': 'openssh-server',
  // What people put before the dashboard.
  '/usr/sbin/nginx': 'nginx',
  '/usr/bin/caddy': 'caddy',
  // Both read /metrics.
  promtool: 'prometheus',
  prometheus: 'prometheus',
  // The proxy that deploy/socket-proxy.cfg is for.
  '/usr/sbin/haproxy': 'haproxy',
};

/** @param {string} program */
const present = (program) =>
  program.startsWith('/') ? has(program.split('/').at(-1) ?? '') : has(program);

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

function installPackages() {
  const missing = Object.entries(PACKAGES).flatMap(([program, name]) =>
    present(program) ? [] : [name],
  );
  if (missing.length === 0) return;
  console.log(`installing Debian packages: ${missing.join(' ')}`);
  if (!aptInstall([...missing, 'fonts-dejavu-core']))
    console.error('apt-get failed, see above: what needs these packages will fail too.');
  // Debian enables the server that it installs; the tests run these themselves.
  for (const name of missing) {
    const unit = UNITS[name];
    if (unit) spawnSync('systemctl', ['disable', unit]);
  }
}

/** @param {string} what @param {string} why */
function skip(what, why) {
  skipped.push(`${what}: ${why}`);
  if (install) {
    total.failed++;
    failures.push(`${what} could not run: ${why}`);
  }
}

/** Whether a known hole is in a dependency, as far as this machine's registry answers. */
function auditDependencies() {
  const verdict = audit();
  if ('unchecked' in verdict) {
    notes.push(`npm audit: not checked: ${verdict.unchecked}`);
    console.log(notes.at(-1));
    return;
  }
  if (!verdict.ok) console.log(verdict.problems.join('\n'));
  count('no known holes in the dependencies (npm audit)', verdict.ok);
}

/** A lab of the tests' own, so that one that somebody works with keeps its services. */
process.env.CLUSTERHAT_LAB ??= 'test';

/** Brings the lab up; @returns {string | null} why it cannot be, in a sentence; null when it is up */
function labUp() {
  const { status, stderr } = spawnSync(
    'node',
    ['scripts/lab.mjs', 'up', ...(install ? ['--install'] : [])],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'inherit', 'pipe'],
    },
  );
  return status === 0 ? null : stderr.trim().split('\n').join(' ');
}

// Also where a step ends the process: a summary in any case, and never one without the failure.
process.on('exit', (code) => {
  if (code !== 0 && total.failed === 0) {
    total.failed++;
    failures.push('the run ended before its end, see above');
  }
  rmSync(reports, { recursive: true, force: true });
  console.log('\n──');
  for (const line of notes) console.log(`note: ${line}`);
  for (const line of skipped) console.log(`skipped: ${line}`);
  for (const line of failures) console.log(`failed: ${line}`);
  console.log(
    `${total.passed} passed, ${total.failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`,
  );
});

if (install) {
  console.log('── the lock');
  count('npm ci from the lock alone, with an empty npm cache', installsFromNothing());
  auditDependencies();
}
ensureInstalled();
if (install) installPackages();

console.log('\n── check');
count('lock, format, lint, types, dead code', run('node', ['scripts/check.mjs', '--no-tests']));
const REAL = 'tests/contract/real.test.ts';
vitest('unit tests, and the contract on the demo', ['unit', 'contract'], {
  args: ['--exclude', REAL],
});

if (has('go') && has('gcc') && has('qemu-arm-static')) {
  vitest('the echo server, and its image on an emulated Pi Zero', ['echo']);
} else skip('the echo server', 'needs Go, gcc and QEMU (Debian: golang-go gcc qemu-user-static)');

await ensureBuilt();
const chromium = has('chromium');
const noBrowser = 'needs Chromium (Debian: chromium)';
// Two of them look at the page meanwhile.
if (chromium) vitest('attacks on the server', ['attacks']);
else skip('attacks on the server', noBrowser);
const ARM = 'tests/release/arm.test.ts';
const METRICS = 'tests/release/metrics.test.ts';
vitest('the release: its archive and the clusterhat command', ['release'], {
  args: ['--exclude', ARM, '--exclude', METRICS],
});
if (has('promtool') && has('prometheus')) {
  vitest('the metrics in Prometheus, and the Grafana dashboard', ['release'], { args: [METRICS] });
} else skip('the metrics in Prometheus', 'needs promtool and prometheus (Debian: prometheus)');
const KEYS = '/usr/share/keyrings/debian-archive-keyring.gpg';
if (has('qemu-arm-static') && existsSync(KEYS)) {
  vitest('the release on 32-bit ARM', ['release'], { args: [ARM] });
} else skip('the release on 32-bit ARM', 'needs Debian, and QEMU (qemu-user-static)');

if (chromium) playwright('the page on the demo swarm', 'demo');
else skip('the page on the demo swarm', noBrowser);

if (chromium && present('/usr/sbin/nginx') && present('/usr/bin/caddy')) {
  playwright('the page through nginx and Caddy', 'proxies');
} else {
  skip(
    'the page through nginx and Caddy',
    'needs them and Chromium (Debian: nginx caddy chromium)',
  );
}

console.log('\n── lab');
const noLab = labUp();
if (noLab === null) {
  try {
    const env = spawnSync('node', ['scripts/lab.mjs', 'env'], { encoding: 'utf8' }).stdout;
    const host = /^DOCKER_HOST=(\S+)$/m.exec(env)?.[1] ?? '';
    // Builds and pushes the image that every test on the lab uses.
    count('the echo service runs on the lab', run('node', ['scripts/lab.mjs', 'echo']));
    vitest('the contract on real engines', ['contract'], {
      args: [REAL],
      env: { CONTRACT_DOCKER_HOST: host },
    });
    if (chromium) playwright('the page on the real swarm', 'lab');
    else skip('the page on the real swarm', noBrowser);
    vitest('the lab, the seed’s tutorial and the deployed stack', ['lab']);
  } finally {
    count('the lab is taken down', run('node', ['scripts/lab.mjs', 'down']));
  }
} else skip('everything on real engines', noLab);

process.exitCode = total.failed === 0 ? 0 : 1;

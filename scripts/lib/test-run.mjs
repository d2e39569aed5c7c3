import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './commands.mjs';
import { playwrightCounts, readReport, vitestCounts } from './test-reports.mjs';

/**
 * One run of the tests: runs stages, counts what passed and failed, and prints a summary. While several
 * lanes run at once, a stage's output is printed whole at its end.
 */
export class TestRun {
  #passed = 0;
  #failed = 0;
  /** @type {string[]} */
  #failures = [];
  /** @type {string[]} */
  #skipped = [];
  /** @type {string[]} */
  #notes = [];
  #reports = mkdtempSync(join(tmpdir(), 'clusterhat-test-'));
  #lanes = 0;
  #strict;
  /** @type {[what: string, seconds: number][]} */
  #durations = [];
  #began = performance.now();
  #beganTimes = processorTimes();

  /** @param {{ strict: boolean }} options `strict`: something skipped is a failure */
  constructor({ strict }) {
    this.#strict = strict;
  }

  get ok() {
    return this.#failed === 0;
  }

  /** @param {string} what @param {boolean} ok counts one check that is not a test suite */
  count(what, ok) {
    if (ok) this.#passed++;
    else this.fail(what);
    console.log(`${ok ? 'ok    ' : 'FAILED'} ${what}\n`);
  }

  /** @param {string} what */
  fail(what) {
    this.#failed++;
    this.#failures.push(what);
  }

  /** @param {string} what @param {string} why */
  skip(what, why) {
    this.#skipped.push(`${what}: ${why}`);
    if (this.#strict) this.fail(`${what} could not run: ${why}`);
  }

  /** @param {string} text something that neither passed nor failed */
  note(text) {
    this.#notes.push(text);
    console.log(text);
  }

  /**
   * Runs a command that counts as one check.
   * @param {string} what @param {string[]} command @param {{ env?: Record<string, string> }} [options]
   * @returns {Promise<boolean>}
   */
  async check(what, command, { env = {} } = {}) {
    const buffered = this.#lanes > 1;
    const started = performance.now();
    const { ok, output } = await run(command, { env, buffered });
    if (output) console.log(output.trimEnd());
    this.#took(what, started);
    this.count(what, ok);
    return ok;
  }

  /** @param {string} what @param {number} started @returns {number} seconds, rounded */
  #took(what, started) {
    const seconds = Math.round((performance.now() - started) / 1000);
    this.#durations.push([what, seconds]);
    return seconds;
  }

  /**
   * Runs several lanes at once, each a series of stages. A lane that has ended takes stages of `queue`, in order.
   * @param {(() => Promise<void>)[]} lanes
   * @param {(() => Promise<void>)[]} [queue] stages that can run beside any other
   */
  async lanes(lanes, queue = []) {
    const left = [...queue];
    const whole = async (/** @type {() => Promise<void>} */ lane) => {
      await lane();
      for (let stage = left.shift(); stage; stage = left.shift()) await stage();
    };
    this.#lanes = lanes.length;
    const results = await Promise.allSettled(lanes.map(whole));
    this.#lanes = 0;
    for (const result of results) {
      if (result.status === 'rejected') this.fail(`a lane ended early: ${String(result.reason)}`);
    }
  }

  /**
   * @param {string} what
   * @param {string[]} projects
   * @param {{ args?: string[], env?: Record<string, string>, isolated?: boolean }} [options]
   */
  vitest(what, projects, { args = [], env, isolated } = {}) {
    const file = join(this.#reports, `${what.replaceAll(/\W+/g, '-')}.json`);
    const command = [
      'npx',
      '--no-install',
      'vitest',
      'run',
      ...args,
      ...projects.flatMap((project) => ['--project', project]),
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${file}`,
    ];
    return this.#stage(what, command, file, vitestCounts, { env, isolated });
  }

  /**
   * @param {string} what
   * @param {string} project
   * @param {{ env?: Record<string, string>, isolated?: boolean }} [options]
   */
  playwright(what, project, { env = {}, isolated } = {}) {
    const file = join(this.#reports, `playwright-${project}.json`);
    const config = ['-c', 'tests/e2e/playwright.config.ts', `--project=${project}`];
    const command = ['npx', '--no-install', 'playwright', 'test', ...config];
    // Parallel projects must not clear each other's traces.
    const output = { PLAYWRIGHT_JSON_OUTPUT_NAME: file, TEST_RESULTS: `test-results/${project}` };
    return this.#stage(what, command, file, playwrightCounts, {
      env: { ...env, ...output },
      isolated,
    });
  }

  /**
   * @param {string} what
   * @param {string[]} command
   * @param {string} file its JSON report
   * @param {(report: any) => import('./test-reports.mjs').Counts} read
   * @param {{ env?: Record<string, string> | undefined, isolated?: boolean | undefined }} options
   */
  async #stage(what, command, file, read, { env = {}, isolated = false }) {
    const buffered = this.#lanes > 1;
    console.log(`── ${what}${buffered ? ': started' : ''}`);
    const started = performance.now();
    const { ok, output } = await run(command, { env, isolated, buffered });
    const seconds = this.#took(what, started);
    if (buffered) console.log(`\n── ${what}\n${output.trimEnd()}`);
    console.log(`── ${what}: ${seconds} s\n`);
    const counts = readReport(file, read) ?? { passed: 0, failed: 0, skipped: 0, failures: [] };
    this.#passed += counts.passed;
    this.#failed += counts.failed;
    if (counts.skipped > 0) {
      this.#skipped.push(`${counts.skipped} of ${what}: the suite itself skips them here`);
    }
    const empty = counts.passed + counts.failed === 0;
    // The runner failed without a failed test, or ran none.
    if ((!ok && counts.failed === 0) || empty) this.#failed++;
    if (!ok || empty) this.#failures.push([what, ...counts.failures].join('\n  '));
  }

  /** Prints the summary; the last line is `N passed, N failed`. */
  summary() {
    rmSync(this.#reports, { recursive: true, force: true });
    console.log('\n──');
    for (const [what, seconds] of this.#durations)
      console.log(`${`${seconds}`.padStart(5)} s ${what}`);
    const seconds = Math.round((performance.now() - this.#began) / 1000);
    const now = processorTimes();
    const busy = (now.busy - this.#beganTimes.busy) / (now.all - this.#beganTimes.all);
    console.log(
      `${`${seconds}`.padStart(5)} s in all, processors busy ${Math.round(busy * 100)} %`,
    );
    for (const line of this.#notes) console.log(`note: ${line}`);
    for (const line of this.#skipped) console.log(`skipped: ${line}`);
    for (const line of this.#failures) console.log(`failed: ${line}`);
    const skipped = this.#skipped.length > 0 ? `, ${this.#skipped.length} skipped` : '';
    console.log(`${this.#passed} passed, ${this.#failed} failed${skipped}`);
  }
}

/** @returns {{ busy: number, all: number }} how long this machine's processors have worked, of how long (ms) */
function processorTimes() {
  let [busy, all] = [0, 0];
  for (const { times } of cpus()) {
    const sum = Object.values(times).reduce((total, one) => total + one);
    all += sum;
    busy += sum - times.idle;
  }
  return { busy, all };
}

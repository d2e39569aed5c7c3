import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { run } from './commands.mjs';
import {
  playwrightCounts,
  printedFailures,
  readReport,
  total,
  vitestCounts,
} from './test-reports.mjs';

/**
 * @typedef {object} StageOptions
 * @property {Record<string, string>} [env]
 * @property {boolean} [isolated] in a network namespace of its own
 * @property {'alone' | 'at once'} [again] when a test file that failed is run once more: alone, after all
 *   lanes (the default), or at once, for a lab that is taken down before
 * @property {boolean} [whole] run all its files once more if one failed, as their coverage counts together
 *
 * @typedef {object} Suite
 * @property {string} what
 * @property {string[]} files only these, by a part of their path; all if empty
 * @property {(files: string[], report: string) => string[]} command
 * @property {(report: any) => import('./test-reports.mjs').Counts} read
 *
 * @typedef {{ ok: boolean, counts: import('./test-reports.mjs').Counts, output: string }} Result
 */

/**
 * One run of the tests: runs stages, counts what passed and failed, and prints a summary. While several
 * lanes run at once, a stage's output is printed whole at its end.
 *
 * A test file that failed beside other stages is run once more, and this second result counts: on a busy
 * machine tests exceed their time limits. The summary lists each such failure (docs/decisions/019).
 */
export class TestRun {
  #passed = 0;
  #failed = 0;
  /** @type {string[]} */
  #failures = [];
  /** @type {string[]} */
  #skipped = [];
  /** @type {string[]} failed first, and passed alone */
  #flaky = [];
  /** @type {(() => Promise<void>)[]} */
  #again = [];
  /** @type {string[]} */
  #notes = [];
  #reports = mkdtempSync(join(tmpdir(), 'clusterhat-test-'));
  #lanes = 0;
  #strict;
  #run;
  /** @type {[what: string, seconds: number][]} */
  #durations = [];
  #began = performance.now();
  #beganTimes = processorTimes();

  /**
   * @param {object} options
   * @param {boolean} options.strict something skipped is a failure
   * @param {typeof run} [options.runCommand]
   */
  constructor({ strict, runCommand = run }) {
    this.#strict = strict;
    this.#run = runCommand;
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
    const { ok, output } = await this.#run(command, { env, buffered });
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

  /** Runs the files that failed beside other stages once more, one stage after the other. */
  async secondTries() {
    for (let again = this.#again.shift(); again; again = this.#again.shift()) await again();
  }

  /**
   * @param {string} what
   * @param {string[]} projects
   * @param {StageOptions & { files?: string[], args?: string[] }} [options] `files`: only these, by a part of their path
   */
  vitest(what, projects, { files = [], args = [], ...options } = {}) {
    /** @type {Suite['command']} */
    const command = (only, report) => [
      'npx',
      '--no-install',
      'vitest',
      'run',
      ...only,
      ...args,
      ...projects.flatMap((project) => ['--project', project]),
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ];
    return this.#stage({ what, files, command, read: vitestCounts }, options);
  }

  /** @param {string} what @param {string} project @param {StageOptions} [options] */
  playwright(what, project, { env = {}, ...options } = {}) {
    /** @type {Suite['command']} */
    const command = (only, report) => [
      'env',
      `PLAYWRIGHT_JSON_OUTPUT_NAME=${report}`,
      'npx',
      '--no-install',
      'playwright',
      'test',
      '-c',
      'tests/e2e/playwright.config.ts',
      `--project=${project}`,
      // Reported relative to the folder of the config, and taken as a pattern.
      ...only.map((file) => `/${basename(file)}`),
    ];
    // Parallel projects must not clear each other's traces.
    const results = { TEST_RESULTS: `test-results/${project}` };
    return this.#stage(
      { what, files: [], command, read: playwrightCounts },
      { ...options, env: { ...env, ...results } },
    );
  }

  /** @param {Suite} suite @param {StageOptions} options */
  async #stage(suite, { again = 'alone', whole = false, ...options }) {
    const beside = this.#lanes > 1;
    const first = await this.#runSuite(suite, options);
    if (first.ok || !beside) return this.#add(suite.what, first);
    const secondTry = async () => {
      const failed = [...first.counts].flatMap(([file, counts]) =>
        counts.failed > 0 ? [file] : [],
      );
      // Without a failed file the runner itself failed.
      const files = whole || failed.length === 0 ? suite.files : failed;
      const what = `${suite.what}, once more`;
      const second = await this.#runSuite({ ...suite, what, files }, options);
      if (second.ok) this.#flaky.push([suite.what, ...reasonsOf(first)].join('\n  '));
      this.#add(suite.what, { ...second, counts: new Map([...first.counts, ...second.counts]) });
    };
    if (again === 'at once') await secondTry();
    else this.#again.push(secondTry);
  }

  /** @param {Suite} suite @param {StageOptions} options @returns {Promise<Result>} */
  async #runSuite({ what, files, command, read }, { env = {}, isolated = false }) {
    const buffered = this.#lanes > 1;
    const report = join(this.#reports, `${what.replaceAll(/\W+/g, '-')}.json`);
    console.log(`── ${what}${buffered ? ': started' : ''}`);
    const started = performance.now();
    const { ok, output } = await this.#run(command(files, report), { env, isolated, buffered });
    const seconds = this.#took(what, started);
    if (buffered) console.log(`\n── ${what}\n${output.trimEnd()}`);
    console.log(`── ${what}: ${seconds} s\n`);
    const counts = readReport(report, read);
    return { ok: ok && counts.size > 0, counts, output };
  }

  /** @param {string} what @param {Result} result counts it */
  #add(what, result) {
    const { ok, counts } = result;
    const { passed, failed, skipped } = total(counts);
    this.#passed += passed;
    this.#failed += failed;
    if (skipped > 0) this.#skipped.push(`${skipped} of ${what}: the suite itself skips them here`);
    if (ok) return;
    // The runner failed without a failed test, or ran none.
    if (failed === 0) this.#failed++;
    this.#failures.push([what, ...reasonsOf(result)].join('\n  '));
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
    for (const line of this.#flaky) console.log(`passed only when run once more: ${line}`);
    for (const line of this.#failures) console.log(`failed: ${line}`);
    const skipped = this.#skipped.length > 0 ? `, ${this.#skipped.length} skipped` : '';
    console.log(`${this.#passed} passed, ${this.#failed} failed${skipped}`);
  }
}

/** @param {Result} result @returns {string[]} a line for each failure */
function reasonsOf({ counts, output }) {
  const { failures } = total(counts);
  // The report leaves out why a hook failed.
  if (failures.some((line) => line.endsWith(': ')))
    return [...failures, ...printedFailures(output)];
  return failures.length > 0 ? failures : ['the runner itself failed, see its output'];
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

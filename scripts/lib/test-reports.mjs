import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/**
 * @typedef {object} FileCounts what became of the tests of one file
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {string[]} failures one line for each failed test
 *
 * @typedef {Map<string, FileCounts>} Counts by the file's path
 */

/** @param {unknown} message @returns {string} its first two lines, without terminal colours */
const firstLines = (message) =>
  stripVTControlCharacters(String(message)).split('\n').slice(0, 2).join(' ').slice(0, 400);

/**
 * Reads a JSON report.
 * @param {string} file @param {(report: any) => Counts} read
 * @returns {Counts} empty when there is none: the runner itself failed
 */
export function readReport(file, read) {
  try {
    return read(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return new Map();
  }
}

/** @param {any} report of vitest's JSON reporter @returns {Counts} */
export function vitestCounts(report) {
  return new Map(
    report.testResults.map((/** @type {any} */ file) => [file.name, countsOfFile(file)]),
  );
}

/** @param {any} file @returns {FileCounts} */
function countsOfFile(file) {
  const name = basename(file.name);
  const by = (/** @type {string} */ status) =>
    file.assertionResults.filter((/** @type {any} */ test) => test.status === status);
  const failed = by('failed');
  const passed = by('passed').length;
  const skipped = file.assertionResults.length - passed - failed.length;
  // A file that could not be loaded, or a hook of it, fails without a failed test.
  if (file.status === 'failed' && failed.length === 0) {
    return { passed, failed: 1, skipped, failures: [`${name}: ${firstLines(file.message)}`] };
  }
  const failures = failed.map(
    (/** @type {any} */ test) =>
      `${name}: ${test.fullName}: ${firstLines(test.failureMessages[0])}`,
  );
  return { passed, failed: failed.length, skipped, failures };
}

/** @param {any} report of Playwright's JSON reporter @returns {Counts} */
export function playwrightCounts(report) {
  return new Map(
    report.suites.map((/** @type {any} */ file) => {
      const specs = specsOf(file);
      const by = (/** @type {string[]} */ ...statuses) =>
        specs.filter(({ tests }) => statuses.includes(tests[0]?.status));
      const failed = by('unexpected', 'flaky');
      const counts = {
        passed: by('expected').length,
        failed: failed.length,
        skipped: by('skipped').length,
        failures: failed.map(describeSpec),
      };
      return [file.file, counts];
    }),
  );
}

/** @param {any} suite @returns {any[]} its specs and those of the suites in it; each has one test, as one project runs */
function specsOf(suite) {
  return [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specsOf)];
}

/** @param {any} spec @returns {string} */
function describeSpec(spec) {
  const errors = spec.tests[0].results.flatMap((/** @type {any} */ result) => result.errors);
  return `${spec.file}:${spec.line}: ${spec.title}: ${firstLines(errors[0]?.message)}`;
}

/**
 * @param {string} output what vitest printed
 * @returns {string[]} a line for each failure in it; the JSON report leaves out why a hook failed
 */
export function printedFailures(output) {
  const lines = stripVTControlCharacters(output).split('\n');
  return lines.flatMap((line, i) =>
    FAIL.test(line) ? [`${line.trim()}: ${why(lines.slice(i + 1))}`.slice(0, 400)] : [],
  );
}

const FAIL = /^\s*FAIL\s/;

/** @param {string[]} lines @returns {string} the first that names no test: tests of one error stand together */
const why = (lines) => lines.find((line) => !FAIL.test(line))?.trim() ?? '';

/** @param {Counts} counts @returns {FileCounts} of all files */
export function total(counts) {
  const files = [...counts.values()];
  const sum = (/** @type {'passed' | 'failed' | 'skipped'} */ key) =>
    files.reduce((all, file) => all + file[key], 0);
  return {
    passed: sum('passed'),
    failed: sum('failed'),
    skipped: sum('skipped'),
    failures: files.flatMap((file) => file.failures),
  };
}

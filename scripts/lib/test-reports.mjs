import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {string[]} failures one line for each failed test
 */

/** @param {unknown} message @returns {string} its first two lines, without terminal colours */
const firstLines = (message) =>
  stripVTControlCharacters(String(message)).split('\n').slice(0, 2).join(' ').slice(0, 400);

/**
 * Reads a JSON report.
 * @param {string} file @param {(report: any) => Counts} read
 * @returns {Counts | null} null when there is none: the runner itself failed
 */
export function readReport(file, read) {
  try {
    return read(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

/** @param {any} file @returns {any[]} the failed tests of one file */
const failedTests = (file) =>
  file.assertionResults.filter((/** @type {any} */ test) => test.status === 'failed');

/** @param {any} report of vitest's JSON reporter @returns {Counts} */
export function vitestCounts(report) {
  /** @type {any[]} A file that could not be loaded fails without a failed test. */
  const broken = report.testResults.filter(
    (/** @type {any} */ file) => file.status === 'failed' && failedTests(file).length === 0,
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
    failures: [
      ...broken.map((file) => `${basename(file.name)}: ${firstLines(file.message)}`),
      ...report.testResults.flatMap((/** @type {any} */ file) =>
        failedTests(file).map(
          ({ fullName, failureMessages }) =>
            `${basename(file.name)}: ${fullName}: ${firstLines(failureMessages[0])}`,
        ),
      ),
    ],
  };
}

/** @param {any} report of Playwright's JSON reporter @returns {Counts} */
export function playwrightCounts(report) {
  return {
    passed: report.stats.expected,
    failed: report.stats.unexpected + report.stats.flaky,
    skipped: report.stats.skipped,
    failures: playwrightFailures(report),
  };
}

/** @param {any} suite @returns {string[]} */
function playwrightFailures(suite) {
  const own = (suite.specs ?? []).filter((/** @type {any} */ spec) => !spec.ok);
  return [
    ...(suite.suites ?? []).flatMap(playwrightFailures),
    ...own.map((/** @type {any} */ spec) => {
      const errors = spec.tests.flatMap((/** @type {any} */ test) =>
        test.results.flatMap((/** @type {any} */ result) => result.errors),
      );
      return `${spec.file}:${spec.line}: ${spec.title}: ${firstLines(errors[0]?.message)}`;
    }),
  ];
}

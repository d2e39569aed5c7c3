import { execFile } from 'node:child_process';

/**
 * @typedef {{ name: string, severity: string, titles: string[] }} Hole a package with known holes
 * @typedef {{ holes: Hole[] } | { unchecked: string }} Report
 * @typedef {{ ok: true } | { ok: false, problems: string[] } | { unchecked: string }} Verdict
 */

/** Severities that fail for a development dependency. */
const SEVERE = ['high', 'critical'];

/**
 * Parses what `npm audit --json` prints. It is a JSON object: a report, or `message`
 * and `error` if the registry did not respond.
 * @param {string} printed
 * @returns {Report}
 */
export function parseAudit(printed) {
  /** @type {any} */
  let report;
  try {
    report = JSON.parse(printed);
  } catch {
    return { unchecked: 'npm audit printed no JSON' };
  }
  const found = report?.vulnerabilities;
  if (report?.auditReportVersion !== 2 || typeof found !== 'object' || found === null) {
    // Without the address of this machine's registry.
    const why = String(report?.message ?? 'no report')
      .replaceAll(/https?:\/\/[^\s,]+/g, '…')
      .replace(/ - .*/, '');
    return { unchecked: `the registry does not answer audits (${why})` };
  }
  return {
    holes: Object.entries(found).map(([name, hole]) => ({
      name,
      severity: String(hole?.severity),
      titles: [hole?.via ?? []].flat().flatMap((/** @type {any} */ one) => one?.title ?? []),
    })),
  };
}

/**
 * Judges two reports: no vulnerability in runtime dependencies, no severe one in development ones.
 * @param {Report} production with `--omit=dev`
 * @param {Report} all
 * @returns {Verdict}
 */
export function judgeAudit(production, all) {
  if ('unchecked' in production) return production;
  if ('unchecked' in all) return all;
  const shipped = new Set(production.holes.map(({ name }) => name));
  const tools = all.holes.filter(
    ({ name, severity }) => !shipped.has(name) && SEVERE.includes(severity),
  );
  const sentence = (/** @type {string} */ where) => (/** @type {Hole} */ hole) =>
    `${hole.name} (${where}, ${hole.severity})${hole.titles.map((title) => `: ${title}`).join('')}`;
  const problems = [
    ...production.holes.map(sentence('production')),
    ...tools.map(sentence('development')),
  ];
  return problems.length === 0 ? { ok: true } : { ok: false, problems };
}

/**
 * Audits everything in the lock at the registry.
 * @returns {Promise<Verdict>}
 */
export async function audit() {
  const [production, all] = await Promise.all([npmAudit('--omit=dev'), npmAudit()]);
  return judgeAudit(production, all);
}

/** @param {string[]} more options @returns {Promise<Report>} */
function npmAudit(...more) {
  // In offline mode npm reports no vulnerabilities without sending a request.
  const args = ['audit', '--json', '--offline=false', '--fetch-retries=1', ...more];
  return new Promise((resolve) => {
    // Its exit code says whether there are vulnerabilities.
    execFile('npm', args, { timeout: 60_000, maxBuffer: 2 ** 26 }, (_, printed) =>
      resolve(parseAudit(printed)),
    );
  });
}

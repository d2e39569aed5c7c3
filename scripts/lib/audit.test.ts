import { describe, expect, test } from 'vitest';
import { judgeAudit, parseAudit } from './audit.mjs';

/** Output of npm 11, shortened; it exits with 1 for vulnerabilities and for an unreachable registry. */
const CLEAN = { auditReportVersion: 2, vulnerabilities: {}, metadata: {} };
const withHole = (severity: string) => ({
  ...CLEAN,
  vulnerabilities: {
    next: {
      name: 'next',
      severity,
      isDirect: true,
      via: ['postcss', { source: 1, title: 'Cache poisoning', severity, range: '<17' }],
      effects: [],
    },
  },
});
const REFUSED = {
  message: '405 Method Not Allowed - POST https://registry.example/-/npm/v1/security/advisories',
  statusCode: 405,
  error: { summary: '', detail: '' },
};
const OFFLINE = {
  message: 'request to http://127.0.0.1:9/-/npm/v1 failed, reason: connect ECONNREFUSED',
  error: { summary: '', detail: '' },
};
const parsed = (report: unknown) => parseAudit(JSON.stringify(report));

describe('a report', () => {
  test.each([
    ['without holes', CLEAN, { holes: [] }],
    [
      'with one',
      withHole('high'),
      { holes: [{ name: 'next', severity: 'high', titles: ['Cache poisoning'] }] },
    ],
    ['of a registry that refuses', REFUSED, unchecked('405 Method Not Allowed')],
    [
      'where no registry is',
      OFFLINE,
      unchecked('request to … failed, reason: connect ECONNREFUSED'),
    ],
    ['of another format', { auditReportVersion: 1, advisories: {} }, unchecked('no report')],
    ['without its list', { auditReportVersion: 2 }, unchecked('no report')],
    ['that is null', null, unchecked('no report')],
    ['that is a list', [], unchecked('no report')],
  ])('%s', (_, report, expected) => {
    expect(parsed(report)).toEqual(expected);
  });

  test.each(['', '<html>502 Bad Gateway</html>', '{"auditReportVersion": 2, "vulner'])(
    'that is no JSON: %j',
    (printed) => {
      expect(parseAudit(printed)).toEqual({ unchecked: 'npm audit printed no JSON' });
    },
  );
});

function unchecked(why: string) {
  return { unchecked: `the registry does not answer audits (${why})` };
}

describe('the verdict', () => {
  test('any vulnerability in a runtime dependency is a failure', () => {
    expect(judgeAudit(parsed(withHole('low')), parsed(withHole('low')))).toEqual({
      ok: false,
      problems: ['next (production, low): Cache poisoning'],
    });
  });

  test.each([
    ['critical', { ok: false, problems: ['next (development, critical): Cache poisoning'] }],
    ['high', { ok: false, problems: ['next (development, high): Cache poisoning'] }],
    ['moderate', { ok: true }],
  ])('a vulnerability of severity %s in a development dependency', (severity, verdict) => {
    expect(judgeAudit(parsed(CLEAN), parsed(withHole(severity)))).toEqual(verdict);
  });

  test('no answer is neither passed nor failed', () => {
    const unreachable = parsed(REFUSED);
    expect(judgeAudit(unreachable, parsed(CLEAN))).toEqual(unreachable);
    expect(judgeAudit(parsed(CLEAN), unreachable)).toEqual(unreachable);
  });

  test('passes without vulnerabilities', () => {
    expect(judgeAudit(parsed(CLEAN), parsed(CLEAN))).toEqual({ ok: true });
  });
});

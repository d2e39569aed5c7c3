import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { certificateError, certificateFault } from './certificate-errors';
import { MAX_TEXT } from './plain-text';

const FILE =
  'error while loading TLS certificate in /var/lib/docker/swarm/certificates/swarm-node.crt: ';
const X509 = 'x509: certificate has expired or is not yet valid';
const NOW = Date.UTC(2026, 10, 28);

test.each<[text: string, owner: string, fault: string, limit: string | null, clock: string | null]>(
  [
    [
      `${FILE}certificate (1 - u0ayftfqi4z728p) not valid after Wed, 12 Aug 2026 10:11:00 UTC, and it is currently Wed, 25 Nov 2026 20:00:00 UTC: ${X509}`,
      'own',
      'expired',
      '12 Aug 2026 10:11 UTC',
      '25 Nov 2026 20:00 UTC',
    ],
    [
      `${FILE}certificate (1 - k8rx) not valid after Fri, 25 Jun 2021 01:41:00 UTC, and it is currently Wed, 21 Jul 2021 00:39:25 EDT: ${X509}: `,
      'own',
      'expired',
      '25 Jun 2021 01:41 UTC',
      '21 Jul 2021 00:39 EDT',
    ],
    [
      `${FILE}certificate (1 - k8rx) not valid before Fri, 05 Jun 2026 01:41:00 UTC, and it is currently Thu, 01 Jan 1970 00:00:09 +0530: ${X509}`,
      'own',
      'early',
      '5 Jun 2026 01:41 UTC',
      '1 Jan 1970 00:00 +0530',
    ],
    [
      `${FILE}certificate (2 - swarm-ca) not valid after Fri, 05 Jun 2026 01:41:00 UTC, and it is currently Sat, 28 Nov 2026 00:00:00 UTC: ${X509}`,
      'authority',
      'expired',
      '5 Jun 2026 01:41 UTC',
      '28 Nov 2026 00:00 UTC',
    ],
    [`error while validating Root CA Certificate: ${X509}`, 'authority', 'undated', null, null],
    [
      `rpc error: code = Unavailable desc = connection error: desc = "transport: authentication handshake failed: ${X509}: current time 2026-11-25T20:00:00Z is after 2026-08-12T10:11:00Z"`,
      'manager',
      'expired',
      '2026-08-12 10:11 UTC',
      '2026-11-25 20:00 UTC',
    ],
    [
      `manager stopped: ${X509}: current time 2026-01-01T00:00:00+01:00 is before 2026-08-12T10:11:00.123Z`,
      'own',
      'early',
      '2026-08-12 10:11 UTC',
      '2026-01-01 00:00 +01:00',
    ],
    [
      'rpc error: code = Unavailable desc = transport: authentication handshake failed: x509: certificate signed by unknown authority',
      'manager',
      'unknown',
      null,
      null,
    ],
    ['remote CA does not match fingerprint. Expected: 1af3', 'authority', 'unknown', null, null],
    [
      'connection error: desc = "remote error: tls: expired certificate"',
      'manager',
      'rejected',
      null,
      null,
    ],
    ['remote error: tls: bad certificate', 'own', 'rejected', null, null],
    ['error while loading TLS certificate: malformed', 'own', 'other', null, null],
    // A date that cannot be read is left out, and the rest still holds.
    [
      `certificate (1 - x) not valid after yesterday, and it is currently today: ${X509}`,
      'own',
      'undated',
      null,
      null,
    ],
  ],
)('%s', (text, owner, fault, limit, clock) => {
  expect(certificateFault(text)).toEqual({ owner, fault, limit, clock });
});

test.each(['', 'disk full', 'context deadline exceeded', 'Swarm is encrypted'])(
  '%j is not about a certificate',
  (text) => {
    expect(certificateFault(text)).toBeNull();
    expect(certificateError(text)).toBeNull();
  },
);

describe('the sentences', () => {
  const dated = (side: string, limit: string, clock: string) =>
    `${FILE}certificate (1 - x) not valid ${side} ${limit}, and it is currently ${clock}: ${X509}`;
  const AUGUST = 'Wed, 12 Aug 2026 10:11:00 UTC';

  test('an expired certificate: names both dates, the clock as the first step, and warns against leaving the swarm', () => {
    const error = certificateError(dated('after', AUGUST, 'Wed, 25 Nov 2026 20:00:00 UTC'), NOW);
    expect(error).toMatchObject({
      kind: 'swarm-certificate',
      message:
        'This engine cannot take part in its swarm: its certificate for the swarm was valid until 12 Aug 2026 10:11 UTC, and when Docker used it the clock showed 25 Nov 2026 20:00 UTC.',
      next: expect.stringMatching(/^Check the clock first: `timedatectl`.*do not leave the swarm/),
    });
  });

  test('a certificate that is valid by the dashboard’s clock: only the clock has to be set', () => {
    const ahead = dated('after', AUGUST, 'Tue, 19 Jan 2038 00:00:00 UTC');
    expect(certificateError(ahead, Date.UTC(2026, 6, 1))?.next).toMatch(
      /^By the dashboard’s clock it is still valid\. Check the clock first/,
    );
  });

  test('a clock in the past: says that nothing is lost', () => {
    const behind = dated('before', AUGUST, 'Thu, 01 Jan 1970 00:00:09 UTC');
    expect(certificateError(behind, NOW)?.next).toMatch(/behind.*timedatectl.*Nothing is lost\.$/);
  });

  test('no text suggests docker swarm init, and none is truncated', () => {
    const part = fc.constantFrom(
      FILE,
      X509,
      dated('after', AUGUST, AUGUST),
      dated('before', AUGUST, AUGUST),
      'unknown authority',
      'remote error: tls: bad certificate',
      'transport: handshake',
      'Root CA Certificate',
      '\u001b[31m',
      'docker swarm init',
      '(1 - '.repeat(50),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        const error = certificateError(parts.join(' '), NOW);
        expect(error?.next ?? '').not.toContain('swarm init');
        expect(error?.next?.length ?? 0).toBeLessThan(MAX_TEXT);
        expect(error?.message.length ?? 0).toBeLessThanOrEqual(MAX_TEXT);
        expect(error?.message ?? '').not.toContain('\u001b');
      }),
    );
  });
});

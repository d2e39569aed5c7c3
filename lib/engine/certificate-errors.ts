import { EngineError } from './errors';

/** Whose certificate is not valid: the engine's own, the swarm's authority's, or that of a manager it connects to. */
type Owner = 'own' | 'authority' | 'manager';

/** What is wrong with a certificate, and the times that the engine reports, as it writes them. */
interface CertificateFault {
  owner: Owner;
  /** `rejected`: a manager rejects this engine's. */
  fault: 'expired' | 'early' | 'undated' | 'unknown' | 'rejected' | 'other';
  /** Until or from when it is valid. */
  limit: string | null;
  /** The clock's time when the certificate was checked. */
  clock: string | null;
}

/** Go's RFC 1123 (`Wed, 12 Aug 2026 10:11:00 UTC`) or RFC 3339 (`2026-08-12T10:11:00Z`). */
const TIME =
  '(?:[A-Z][a-z]{2}, \\d{1,2} [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d (?:[A-Z]{1,5}|[+-]\\d{2,4})|\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d[0-9.]{0,10}(?:Z|[+-]\\d\\d:\\d\\d))';
/** swarmkit's: the first certificate of the chain is the engine's own, the next ones are of authorities. */
const CHAIN = new RegExp(
  `certificate \\((\\d{1,3}) - [^)]{0,100}\\) not valid (after|before) (${TIME}), and it is currently (${TIME})`,
);
/** Go's own, since 1.15. */
const CURRENT = new RegExp(`current time (${TIME}) is (after|before) (${TIME})`);

/** Reads the error of an engine that could not start its swarm; null if it is about no certificate. */
export function certificateFault(text: string): CertificateFault | null {
  if (!/certificate|x509|\btls:|\bCA\b.*fingerprint/i.test(text)) return null;
  const chain = CHAIN.exec(text);
  if (chain) {
    const [, place, side, limit = '', clock = ''] = chain;
    return {
      owner: place === '1' ? 'own' : 'authority',
      fault: side === 'after' ? 'expired' : 'early',
      limit: shortTime(limit),
      clock: shortTime(clock),
    };
  }
  const owner = ownerOf(text);
  const current = CURRENT.exec(text);
  if (current) {
    const [, clock = '', side, limit = ''] = current;
    const fault = side === 'after' ? 'expired' : 'early';
    return { owner, fault, limit: shortTime(limit), clock: shortTime(clock) };
  }
  return { owner, fault: faultOf(text), limit: null, clock: null };
}

function ownerOf(text: string): Owner {
  if (/root ca|remote ca|ca certificate/i.test(text)) return 'authority';
  return /handshake|connection error|dial(ing)? |transport:/i.test(text) ? 'manager' : 'own';
}

function faultOf(text: string): CertificateFault['fault'] {
  if (/remote error: tls:/i.test(text)) return 'rejected';
  if (/has expired or is not yet valid|have expired|expired certificate/i.test(text)) {
    return 'undated';
  }
  return /unknown authority|fingerprint|does not match/i.test(text) ? 'unknown' : 'other';
}

/** `12 Aug 2026 10:11 UTC`: without the weekday and the seconds, in the zone that the engine has written. */
function shortTime(text: string): string {
  const rfc1123 = /, (\d{1,2}) ([A-Z][a-z]{2} \d{4} \d\d:\d\d):\d\d (\S+)$/.exec(text);
  if (rfc1123) return `${Number(rfc1123[1])} ${rfc1123[2]} ${rfc1123[3]}`;
  const [, date, time, zone] = /^([\d-]+)T(\d\d:\d\d):[\d.]+(.*)$/.exec(text) ?? [];
  return `${date} ${time} ${zone === 'Z' ? 'UTC' : zone}`;
}

const SET_CLOCK =
  'Check the clock first: `timedatectl` (a Pi has none of its own); once it is right, `sudo systemctl restart docker`.';
/** Does not mention `swarm init`, which deletes the swarm if run on the wrong node. */
const WAY_BACK =
  'If the certificate has really expired, do not leave the swarm on its only manager, as that deletes all services, networks, secrets and configs: /help lists the recovery steps.';

/** The engine's own text is in `cause` only; the sentence has all that matters of it. */
const NEXT: Record<CertificateFault['fault'], string> = {
  expired: `${SET_CLOCK} ${WAY_BACK}`,
  undated: `${SET_CLOCK} ${WAY_BACK}`,
  early: `Its clock is most likely behind. ${SET_CLOCK} Nothing is lost.`,
  rejected: `${SET_CLOCK} ${WAY_BACK}`,
  unknown:
    'The swarm was created again, or this engine was in another one: on a worker `docker swarm leave`, then join with the command that `docker swarm join-token worker` prints on a manager. Never leave on the only manager of a swarm that you need.',
  other: `${SET_CLOCK} Then read its log: \`journalctl -u docker\`.`,
};

const WHOSE: Record<Owner, string> = {
  own: 'its certificate for the swarm',
  authority: 'the certificate of the swarm’s authority',
  manager: 'the certificate of a manager that it connects to',
};

/**
 * The error of an engine whose swarm did not start, if a certificate is the reason; else null. `now`: the dashboard's
 * clock, which may be right where the engine's was not.
 */
export function certificateError(reason: string, now = Date.now()): EngineError | null {
  const fault = certificateFault(reason);
  if (!fault) return null;
  const what = `This engine cannot take part in its swarm: ${sentenceOf(fault, reason)}.`;
  const isValidNow = fault.fault === 'expired' && now < Date.parse(fault.limit ?? '');
  const next = isValidNow
    ? `By the dashboard’s clock it is still valid. ${SET_CLOCK} Nothing is lost.`
    : NEXT[fault.fault];
  return new EngineError('swarm-certificate', what, next);
}

function sentenceOf({ owner, fault, limit, clock }: CertificateFault, reason: string): string {
  const whose = WHOSE[owner];
  switch (fault) {
    case 'expired':
      return `${whose} was valid until ${limit}, and when Docker used it the clock showed ${clock}`;
    case 'early':
      return `${whose} is not valid before ${limit}, and when Docker used it the clock showed ${clock}`;
    case 'undated':
      return `${whose} has expired, or its clock is wrong`;
    case 'rejected':
      return 'a manager rejects its certificate for the swarm, as it is not valid by that manager’s clock or of another swarm';
    case 'unknown':
      return `${whose} is of another swarm`;
    default:
      return reason.trim().replace(/\.$/, '');
  }
}

/** The error of calls to such an engine; `/info` has the dates. */
export function certificatesExpired(cause?: unknown): EngineError {
  const what =
    'This engine cannot take part in its swarm: the swarm’s certificates have expired, or its clock is wrong.';
  return new EngineError('swarm-certificate', what, NEXT.undated, { cause });
}

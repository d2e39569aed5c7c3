import { placeOf, type EngineAddress } from './address';
import { EngineError } from './errors';

type Rule = [code: RegExp, message: (where: string) => string, next: string];

const FILES_NEXT =
  'DOCKER_CERT_PATH has to name the directory with ca.pem, cert.pem and key.pem that were made for this engine.';

/** OpenSSL's and Node's codes (node:tls, X509 certificate error codes; OpenSSL's alerts). */
const RULES: Rule[] = [
  [
    /^CERT_HAS_EXPIRED$/,
    (where) => `The TLS certificate of the engine at ${where} has expired.`,
    'Make a new certificate for the engine; if this one should still be valid, check the clocks of both machines.',
  ],
  [
    /^CERT_NOT_YET_VALID$/,
    (where) => `The TLS certificate of the engine at ${where} is not valid yet.`,
    'Check the clocks of both machines: this one seems to be behind.',
  ],
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    (where) => `The TLS certificate of the engine at ${where} was made for another name.`,
    'Use the name that is in the certificate, or make one whose subjectAltName has this name or address.',
  ],
  [
    /^(UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT(_LOCALLY)?|SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|CERT_SIGNATURE_FAILURE|CERT_UNTRUSTED)$/,
    (where) =>
      `The TLS certificate of the engine at ${where} is signed by an authority that is not trusted here.`,
    'The ca.pem in DOCKER_CERT_PATH has to be that of the authority which signed the engine’s certificate.',
  ],
  [
    /^ERR_SSL_.*ALERT_(CERTIFICATE_REQUIRED|BAD_CERTIFICATE|HANDSHAKE_FAILURE)$/,
    (where) => `The engine at ${where} wants a client certificate, and got none that it accepts.`,
    FILES_NEXT,
  ],
  [
    /^ERR_SSL_.*ALERT_(UNKNOWN_CA|CERTIFICATE_UNKNOWN|CERTIFICATE_EXPIRED|CERTIFICATE_REVOKED|UNSUPPORTED_CERTIFICATE|ACCESS_DENIED|DECRYPT_ERROR)$/,
    (where) => `The engine at ${where} refused the client certificate.`,
    FILES_NEXT,
  ],
  [
    /^(ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|UNKNOWN_PROTOCOL|RECORD_TOO_SMALL)|EPROTO)$/,
    (where) => `What listens at ${where} does not speak TLS.`,
    'Unset DOCKER_TLS_VERIFY and DOCKER_TLS if the engine listens without TLS; such an engine usually has port 2375, one with TLS 2376.',
  ],
  [
    /^ERR_SSL_|^CERT_|^(HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED)$/,
    (where) => `The TLS connection to the engine at ${where} failed.`,
    FILES_NEXT,
  ],
];

/** Plain http was sent to an engine that requires TLS. */
export const TLS_WANTED = 'The engine requires TLS, but the request was sent without it.';
export const TLS_WANTED_NEXT =
  'Set DOCKER_TLS_VERIFY=1, and DOCKER_CERT_PATH to the directory with ca.pem, cert.pem and key.pem.';

/**
 * The error of a failed TLS connection, or of TLS to a port without it; else null. An engine that rejects a client
 * certificate closes at once, and its reason can be lost.
 */
export function fromTlsFailure(error: unknown, address: EngineAddress): EngineError | null {
  const { code } = (error ?? {}) as Record<string, unknown>;
  if (typeof code !== 'string') return null;
  const where = placeOf(address);
  if (address.kind === 'tls' && (code === 'ECONNRESET' || code === 'EPIPE')) {
    return new EngineError(
      'tls',
      `The engine at ${where} closed the TLS connection.`,
      `It may be stopping, or refuse the client certificate${address.tls.cert ? '' : ' that is missing'}: ${FILES_NEXT}`,
      { cause: error },
    );
  }
  const rule = RULES.find(([pattern]) => pattern.test(code));
  return rule ? new EngineError('tls', rule[1](where), rule[2], { cause: error }) : null;
}

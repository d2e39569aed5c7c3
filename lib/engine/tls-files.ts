import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import type { TlsOptions } from './address';

const FILES = { ca: 'ca.pem', cert: 'cert.pem', key: 'key.pem' } as const;

/** A directory with TLS files, and its name in errors. */
interface TlsDirectory {
  path: string;
  verify: boolean;
  /** Whether verifying without a ca.pem is a mistake, instead of trusting the system's authorities. */
  needsCa: boolean;
  /** The end of each error: what to set or run. */
  remedy: string;
}

/** Words for an `errno`, without Node's own `ENOENT: …, open '/path'`. */
const REASONS: Record<string, string> = {
  ENOENT: 'it does not exist',
  ENOTDIR: 'it does not exist',
  EACCES: 'this user may not read it',
  EISDIR: 'it is a directory',
};

/** Why a file cannot be read, as part of a sentence. */
export function reasonOf(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return REASONS[code] ?? message;
}

/** A file's text; undefined without a file. */
export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/**
 * `DOCKER_TLS_VERIFY`, `DOCKER_TLS` and `DOCKER_CERT_PATH` as Docker's client reads them: any text
 * in the first two turns them on, `0` too. Null: no TLS. Throws an `Error` with one sentence.
 */
export function tlsFromEnvironment(
  environment: Record<string, string | undefined>,
  configDirectory: string,
): TlsOptions | null {
  const verify = Boolean(environment['DOCKER_TLS_VERIFY']);
  if (!verify && !environment['DOCKER_TLS']) return null;
  return readTlsDirectory({
    path: environment['DOCKER_CERT_PATH'] || configDirectory,
    verify,
    needsCa: verify,
    remedy: 'DOCKER_CERT_PATH has to name the directory with ca.pem, cert.pem and key.pem',
  });
}

/** Reads ca.pem, cert.pem and key.pem. The last two must both exist or both be missing: not every engine requires them. */
export function readTlsDirectory({ path, verify, needsCa, remedy }: TlsDirectory): TlsOptions {
  const tls: TlsOptions = { verify };
  for (const part of ['ca', 'cert', 'key'] as const) {
    // The comment prevents Next from copying the whole project into its output because of an unknown path.
    const file = join(/*turbopackIgnore: true*/ path, FILES[part]);
    try {
      const text = readIfThere(file);
      if (text !== undefined) tls[part] = text;
    } catch (error) {
      throw new Error(`${file} cannot be read, as ${reasonOf(error)}: ${remedy}.`, {
        cause: error,
      });
    }
  }
  const missing = [
    ...(needsCa && tls.ca === undefined ? (['ca'] as const) : []),
    ...(tls.cert === undefined && tls.key !== undefined ? (['cert'] as const) : []),
    ...(tls.key === undefined && tls.cert !== undefined ? (['key'] as const) : []),
  ][0];
  if (missing)
    throw new Error(
      `${join(/*turbopackIgnore: true*/ path, FILES[missing])} does not exist: ${remedy}.`,
    );
  try {
    createSecureContext({ ca: tls.ca, cert: tls.cert, key: tls.key });
  } catch (error) {
    const { message } = error as Error;
    throw new Error(`The TLS files in ${path} cannot be used (${message}): ${remedy}.`, {
      cause: error,
    });
  }
  return tls;
}

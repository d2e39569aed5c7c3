import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { isIPv4 } from 'node:net';
import { join } from 'node:path';

/** A key pair as PEM texts. */
export interface KeyPair {
  cert: string;
  key: string;
}

/** A certificate's names, IPv4 addresses and validity. */
export interface CertificateOptions {
  names?: readonly string[];
  /** Days until it expires; negative if it has expired. */
  days?: number;
}

/**
 * A certificate authority that signs X.509 certificates (RFC 5280) on P-256. Written out in DER:
 * node:crypto creates keys and signatures but no certificates, and OpenSSL may be missing.
 */
export class Authority {
  readonly #key: KeyObject;
  readonly #name: string;
  /** The authority's own certificate. */
  readonly ca: string;

  constructor(name = 'Test CA') {
    const { publicKey, privateKey } = newKeys();
    this.#key = privateKey;
    this.#name = name;
    this.ca = this.#certificate(name, publicKey, 1, [
      extension(BASIC_CONSTRAINTS, sequence(Buffer.from('0101ff', 'hex'))),
    ]);
  }

  /** Signs a new key pair, for servers and clients alike. */
  issue({ names = ['localhost', '127.0.0.1'], days = 1 }: CertificateOptions = {}): KeyPair {
    const { publicKey, privateKey } = newKeys();
    const cert = this.#certificate('test', publicKey, days, [
      extension(SUBJECT_ALT_NAME, sequence(...names.map(generalName))),
      extension(EXTENDED_KEY_USAGE, sequence(SERVER_AUTH, CLIENT_AUTH)),
    ]);
    return { cert, key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string };
  }

  #certificate(subject: string, key: KeyObject, days: number, extensions: Buffer[]): string {
    const body = sequence(
      tagged(0xa0, integer(Buffer.from([2]))),
      integer(Buffer.concat([Buffer.from([0x40]), randomBytes(7)])),
      sequence(ECDSA_SHA256),
      distinguishedName(this.#name),
      sequence(time(days - 2), time(days)),
      distinguishedName(subject),
      key.export({ type: 'spki', format: 'der' }),
      tagged(0xa3, sequence(...extensions)),
    );
    const signature = sign('sha256', body, this.#key);
    const bits = tagged(0x03, Buffer.from([0]), signature);
    const lines = sequence(body, sequence(ECDSA_SHA256), bits)
      .toString('base64')
      .match(/.{1,64}/g);
    return `-----BEGIN CERTIFICATE-----\n${lines?.join('\n')}\n-----END CERTIFICATE-----\n`;
  }
}

/** Writes ca.pem, cert.pem and key.pem as Docker names them. */
export function writeTlsDirectory(directory: string, ca: string, { cert, key }: KeyPair): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'ca.pem'), ca);
  writeFileSync(join(directory, 'cert.pem'), cert);
  writeFileSync(join(directory, 'key.pem'), key, { mode: 0o600 });
}

const DAY_MS = 86_400_000;

/** Object identifiers in DER. */
const ECDSA_SHA256 = Buffer.from('06082a8648ce3d040302', 'hex');
const COMMON_NAME = Buffer.from('0603550403', 'hex');
const SUBJECT_ALT_NAME = Buffer.from('0603551d11', 'hex');
const BASIC_CONSTRAINTS = Buffer.from('0603551d13', 'hex');
const EXTENDED_KEY_USAGE = Buffer.from('0603551d25', 'hex');
const SERVER_AUTH = Buffer.from('06082b06010505070301', 'hex');
const CLIENT_AUTH = Buffer.from('06082b06010505070302', 'hex');

function newKeys() {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

function tagged(tag: number, ...contents: Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  // The shortest form: Go's parser rejects any other.
  const short = length < 0x80 ? [length] : [0x81, length];
  const head = length < 0x100 ? short : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...head]), content]);
}

function sequence(...contents: Buffer[]): Buffer {
  return tagged(0x30, ...contents);
}

function integer(bytes: Buffer): Buffer {
  return tagged(0x02, bytes);
}

function distinguishedName(commonName: string): Buffer {
  return sequence(tagged(0x31, sequence(COMMON_NAME, tagged(0x0c, Buffer.from(commonName)))));
}

/** UTCTime: `YYMMDDHHMMSSZ`. */
function time(days: number): Buffer {
  const iso = new Date(Date.now() + days * DAY_MS).toISOString();
  return tagged(0x17, Buffer.from(`${iso.replaceAll(/[-:T]/g, '').slice(2, 14)}Z`));
}

function extension(id: Buffer, value: Buffer): Buffer {
  return sequence(id, tagged(0x04, value));
}

function generalName(name: string): Buffer {
  return isIPv4(name)
    ? tagged(0x87, Buffer.from(name.split('.').map(Number)))
    : tagged(0x82, Buffer.from(name));
}

import { createHmac, randomBytes, scryptSync } from 'node:crypto';
import { same } from './same';

/** How long a browser is known after it signed in (s). */
export const DEVICE_SECONDS = 365 * 24 * 3600;

const FORM = /^([A-Za-z0-9_-]{22})\.(\d{1,12})\.([A-Za-z0-9_-]{43})$/;

/**
 * Cookies that mark a browser which has signed in with this password before (OWASP: device cookies).
 * They grant no access, only tries at the password while other clients have to wait.
 */
export interface Devices {
  /** Issues the cookie's value for another browser. */
  issue(): string;
  /** The id of the browser that a value was issued to; null for any other value. */
  idOf(value: string): string | null;
}

/** Device cookies under `password`: they outlive a restart, and end when the password changes. `now` is wall-clock time (ms). */
export function createDevices(password: string, now: () => number = Date.now): Devices {
  // Slow on purpose: a stolen cookie should not make guessing the password cheap. Once per process.
  const key = scryptSync(password, 'clusterhat device', 32);
  const sign = (text: string) => createHmac('sha256', key).update(text).digest('base64url');
  return {
    issue() {
      const id = randomBytes(16).toString('base64url');
      const text = `${id}.${Math.floor(now() / 1000) + DEVICE_SECONDS}`;
      return `${text}.${sign(text)}`;
    },
    idOf(value) {
      const [, id = '', expires = '', signature = ''] = FORM.exec(value) ?? [];
      if (id === '' || Number(expires) * 1000 <= now()) return null;
      return same(signature, sign(`${id}.${expires}`)) ? id : null;
    },
  };
}

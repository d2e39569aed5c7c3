import type { ErrorKind } from '@/lib/curl/run';

/** The error for a status: none for 2xx; a number outside of HTTP's classes is a bad answer (RFC 9110, 15). */
export function statusError(status: number | null): ErrorKind | null {
  if (status === null || status < 200 || status >= 600) return 'bad body';
  if (status < 300) return null;
  if (status < 400) return '3xx';
  return status < 500 ? '4xx' : '5xx';
}

/** No host answers at the address: the kernel has given up. */
const UNREACHABLE = new Set(['EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN', 'ETIMEDOUT']);

/** Maps an error of a request to how its connection failed. */
export function connectionError(error: NodeJS.ErrnoException, connected: boolean): ErrorKind {
  const code = error.code ?? '';
  // llhttp: the answer is not HTTP, or its headers are too long.
  if (code.startsWith('HPE_')) return 'bad body';
  // Node's own error for an end without an answer (`socket hang up`) has no system call.
  if (connected) return error.syscall === undefined ? 'closed' : 'reset';
  if (UNREACHABLE.has(code)) return 'connect timeout';
  if (code === 'ECONNREFUSED') return 'refused';
  // Other errors are of this machine: EMFILE, EADDRNOTAVAIL, EPERM of a firewall.
  return code === 'ECONNRESET' ? 'reset' : 'not sent';
}

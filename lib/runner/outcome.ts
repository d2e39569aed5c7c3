import type { ErrorKind } from '@/lib/curl/run';

/** Only 2xx is an answer; a number that HTTP has no class for is none either (RFC 9110, 15). */
export function statusError(status: number | null): ErrorKind | null {
  if (status === null || status < 200 || status >= 600) return 'bad body';
  if (status < 300) return null;
  if (status < 400) return '3xx';
  return status < 500 ? '4xx' : '5xx';
}

/** Nobody is at the address: the kernel has given up asking for it. */
const UNREACHABLE = new Set(['EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN', 'ETIMEDOUT']);

/** Maps an error of a request to the way in which its connection failed. */
export function connectionError(error: NodeJS.ErrnoException, connected: boolean): ErrorKind {
  const code = error.code ?? '';
  // llhttp's errors: what came is not HTTP, or its headers do not fit.
  if (code.startsWith('HPE_')) return 'bad body';
  // Node's own error for an end without an answer (`socket hang up`) has no system call.
  if (connected) return error.syscall === undefined ? 'closed' : 'reset';
  if (UNREACHABLE.has(code)) return 'connect timeout';
  if (code === 'ECONNREFUSED') return 'refused';
  // Else it is this machine's: EMFILE, EADDRNOTAVAIL, EPERM of a firewall.
  return code === 'ECONNRESET' ? 'reset' : 'not sent';
}

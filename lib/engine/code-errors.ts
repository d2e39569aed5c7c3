import { EngineError } from './errors';

/** containerd's socket expects gRPC and closes HTTP connections. */
const CONTAINERD = /\bcontainerd\b[^/]*\.sock$/;
const BROKEN: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE']);

/** The error of a failed connection by Node's code; null for other codes. */
export function fromCode(code: string, where: string, cause: unknown): EngineError | null {
  if (CONTAINERD.test(where) && (code.startsWith('HPE_') || BROKEN.has(code))) {
    return new EngineError(
      'not-an-engine',
      `What listens at ${where} is containerd, which does not support swarms; nor does nerdctl.`,
      'Point DOCKER_HOST at the Docker engine of the controller.',
      { cause },
    );
  }
  if (code.startsWith('HPE_')) {
    return new EngineError(
      'not-an-engine',
      `What answers at ${where} is no Docker engine (it does not speak http).`,
      'Check the port: an engine usually has 2375, one with TLS 2376.',
      { cause },
    );
  }
  switch (code) {
    case 'ENOENT':
      return new EngineError(
        'socket-missing',
        `There is no Docker socket at ${where}.`,
        'Start Docker, or set DOCKER_HOST to where it listens.',
        { cause },
      );
    case 'EACCES':
    case 'EPERM':
      return new EngineError(
        'socket-permission',
        `The dashboard may not open the Docker socket at ${where}.`,
        'Run it as a user of the docker group, or as root.',
        { cause },
      );
    case 'ABORT_ERR':
    case 'ETIMEDOUT':
      return new EngineError(
        'engine-timeout',
        'The Docker engine did not answer in time.',
        'It may be busy; if this lasts, look at its log: `journalctl -u docker`.',
        { cause },
      );
    case 'ECONNREFUSED':
    case 'ECONNRESET':
    case 'EPIPE':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return new EngineError(
        'engine-stopped',
        `The Docker engine at ${where} is not running.`,
        'Start it: `sudo systemctl start docker`.',
        { cause },
      );
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new EngineError(
        'engine-stopped',
        `The host of the Docker engine at ${where} cannot be found.`,
        'Check the name, or write the address in numbers.',
        { cause },
      );
    default:
      return null;
  }
}

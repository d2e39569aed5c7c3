import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import Docker from 'dockerode';
import type { EngineAddress } from './address';
import type { WatchedAgent } from './agent';
import { hostHeader } from './connection';

type Options = { abortSignal: AbortSignal };
/** The part of dockerode 5 that we use; @types/dockerode 4 does not know these options yet, and types lists as `any[]`. */
export interface Dockerode {
  ping(options: Options): Promise<unknown>;
  info(options: Options): Promise<unknown>;
  version(options: Options): Promise<unknown>;
  swarmInspect(options: Options): Promise<unknown>;
  getContainer(id: string): { kill(options: Options): Promise<unknown> };
  getEvents(options: Options & { filters: Record<string, string[]> }): Promise<Readable>;
  /**
   * dockerode's own methods buffer a whole response, which is too much for a large list, and lose the digits of large
   * integers in specs.
   */
  modem: {
    headers: Record<string, string>;
    dial(
      options: Options & {
        path: string;
        method: string;
        isStream: true;
        statusCodes: Record<string, boolean>;
        /** The body as it is sent, with all headers: docker-modem would take it for a tar otherwise. */
        file?: Buffer;
        headers?: Record<string, string>;
      },
      done: (error: unknown, response: IncomingMessage) => void,
    ): void;
  };
}

/** Variables that docker-modem's constructor reads, and files that they name, even if its options say otherwise. */
const SHIELDED = [
  'DOCKER_HOST',
  'DOCKER_TLS_VERIFY',
  'DOCKER_CERT_PATH',
  'DOCKER_PATH_PREFIX',
  'DOCKER_CLIENT_TIMEOUT',
];

/**
 * A dockerode that speaks plain http over `agent`, which reaches the engine. It is created without the environment,
 * which could name another engine, or a missing certificate.
 */
export function dockerode(address: EngineAddress, agent: WatchedAgent): Dockerode {
  const client = withoutVariables(
    SHIELDED,
    () =>
      new Docker({
        protocol: 'http',
        host: 'localhost',
        port: 80,
        headers: { Host: hostHeader(address) },
        agent,
      } as unknown as Docker.DockerOptions),
  );
  return client as unknown as Dockerode;
}

/** Runs the synchronous `make` with these variables unset, and restores them. */
function withoutVariables<T>(names: readonly string[], make: () => T): T {
  const before = names.map((name) => [name, process.env[name]] as const);
  for (const name of names) delete process.env[name];
  try {
    return make();
  } finally {
    for (const [name, value] of before) if (value !== undefined) process.env[name] = value;
  }
}

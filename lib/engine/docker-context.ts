import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { parseAddress, type EngineAddress } from './address';
import { readIfThere, readTlsDirectory, reasonOf } from './tls-files';

/** The part of docker's config.json with the current context. */
const configSchema = z.nullable(z.object({ currentContext: z.nullish(z.string()) }));

/** A context's meta.json as `docker context create` writes it. */
const metaSchema = z.object({
  Endpoints: z.object({
    docker: z.object({ Host: z.nullish(z.string()), SkipTLSVerify: z.nullish(z.boolean()) }),
  }),
});
/** The names above: docker's client, written in Go, reads them in any letter case. */
const KEYS = ['currentContext', 'Endpoints', 'docker', 'Host', 'SkipTLSVerify'];

type Environment = Record<string, string | undefined>;

/**
 * The name of the context that Docker's client would use, or null for none: `DOCKER_CONTEXT`, else
 * `currentContext` of config.json. Throws an `Error` with one sentence if that file is invalid.
 */
export function currentContext(environment: Environment, configDirectory: string): string | null {
  const name = environment['DOCKER_CONTEXT'] || configured(join(configDirectory, 'config.json'));
  return name && name !== 'default' ? name : null;
}

function configured(file: string): string | undefined {
  let text: string | undefined;
  try {
    text = readIfThere(file);
  } catch {
    // Often owned by root after `sudo docker login`: docker's client warns and ignores it.
    return undefined;
  }
  // Docker's client treats an empty file as an empty object.
  if (text === undefined || text.trim() === '') return undefined;
  return parseJson(configSchema, text, file)?.currentContext ?? undefined;
}

/** A context's engine. Throws an `Error` with one sentence if the context is missing or broken. */
export function contextAddress(name: string, configDirectory: string): EngineAddress {
  const id = createHash('sha256').update(name).digest('hex');
  const what = `The docker context ${JSON.stringify(name)}`;
  const file = join(configDirectory, 'contexts', 'meta', id, 'meta.json');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new Error(
        `${what} does not exist: choose one of \`docker context ls\` with \`docker context use NAME\` or DOCKER_CONTEXT.`,
        { cause: error },
      );
    }
    throw new Error(`${what} cannot be read from ${file}, as ${reasonOf(error)}.`, {
      cause: error,
    });
  }
  const { Host, SkipTLSVerify } = parseJson(metaSchema, text, file).Endpoints.docker;
  // Without a host, docker's client uses its default socket.
  return parseAddress(Host || 'unix://', {
    name: `The engine of the docker context ${JSON.stringify(name)}`,
    tls: () => {
      const tls = readTlsDirectory({
        path: join(configDirectory, 'contexts', 'tls', id, 'docker'),
        verify: !SkipTLSVerify,
        needsCa: false,
        remedy: `repair the docker context ${JSON.stringify(name)} with \`docker context update\``,
      });
      const named = tls.ca !== undefined || tls.cert !== undefined || SkipTLSVerify === true;
      return named ? tls : null;
    },
  });
}

function parseJson<T>(schema: z.ZodMiniType<T>, text: string, file: string): T {
  let json: unknown;
  try {
    json = withKnownKeys(JSON.parse(text));
  } catch (error) {
    throw new Error(`${file} is not JSON.`, { cause: error });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const place = parsed.error.issues[0]?.path.join('.') || 'its beginning';
  throw new Error(`${file} makes no sense at ${place}.`, { cause: parsed.error });
}

/** The same value with keys that differ from one of `KEYS` only in letter case renamed to it. */
function withKnownKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const known = (key: string) =>
    KEYS.find((name) => name.toLowerCase() === key.toLowerCase()) ?? key;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [known(key), withKnownKeys(inner)]),
  );
}

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { parseAddress, type EngineAddress } from './address';
import { readIfThere, readTlsDirectory, reasonOf } from './tls-files';

/** The part of docker's config.json that says which context is current. */
const configSchema = z.object({ currentContext: z.optional(z.string()) });

/** A context's meta.json as `docker context create` writes it. */
const metaSchema = z.object({
  Endpoints: z.object({
    docker: z.object({ Host: z.string(), SkipTLSVerify: z.optional(z.boolean()) }),
  }),
});

type Environment = Record<string, string | undefined>;

/**
 * The name of the context that Docker's client would use, or null for none: `DOCKER_CONTEXT`, else
 * `currentContext` of config.json. Throws an `Error` with one sentence when that file makes no sense.
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
    // Often root's, left by `sudo docker login`: docker's client warns and goes on without it.
    return undefined;
  }
  return text === undefined ? undefined : parseJson(configSchema, text, file).currentContext;
}

/** The engine that a context names. Throws an `Error` with one sentence where it is missing or broken. */
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
  const { Host, SkipTLSVerify = false } = parseJson(metaSchema, text, file).Endpoints.docker;
  if (Host === '') throw new Error(`${what} names no engine: ${file} has an empty Host.`);
  return parseAddress(Host, {
    name: `The engine of the docker context ${JSON.stringify(name)}`,
    tls: () => {
      const tls = readTlsDirectory({
        path: join(configDirectory, 'contexts', 'tls', id, 'docker'),
        verify: !SkipTLSVerify,
        needsCa: false,
        remedy: `repair the docker context ${JSON.stringify(name)} with \`docker context update\``,
      });
      const named = tls.ca !== undefined || tls.cert !== undefined || SkipTLSVerify;
      return named ? tls : null;
    },
  });
}

function parseJson<T>(schema: z.ZodMiniType<T>, text: string, file: string): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is not JSON.`, { cause: error });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const place = parsed.error.issues[0]?.path.join('.') || 'its beginning';
  throw new Error(`${file} makes no sense at ${place}.`, { cause: parsed.error });
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import * as z from 'zod/mini';
import { getSettings, type Settings } from '@/lib/settings';
import { dispatch } from './dispatch';
import { createGate, type Handler } from './gate';
import { listenReason } from './listen';

/** Connections that wait to be accepted; Linux bounds it by `net.core.somaxconn`. */
const BACKLOG = 4096;

const buildSchema = z.object({ config: z.looseObject({}) });

/**
 * The dashboard's server process: Next's request handler, bundled with it (scripts/lib/bundle-server.mjs),
 * behind the gate. HOSTNAME and PORT set where it listens.
 */
async function main(): Promise<void> {
  process.chdir(__dirname);
  // One thread collects a young generation of 1 MB within 1 ms; with several, each collection waits until all
  // have run on a busy processor, 100 ms and more (docs/decisions/004).
  setFlagsFromString('--no-parallel-scavenge');
  const settings = settingsOrExit();
  const built: unknown = JSON.parse(
    readFileSync(join(__dirname, '.next', 'required-server-files.json'), 'utf8'),
  );
  const { config } = buildSchema.parse(built);
  const hostname = process.env['HOSTNAME'] || '127.0.0.1';
  const port = Number(process.env['PORT'] || 3000);
  // Next reads its configuration and NODE_ENV when its modules are loaded, so not before here.
  Object.assign(process.env, {
    NODE_ENV: 'production',
    __NEXT_PRIVATE_STANDALONE_CONFIG: JSON.stringify(config),
    __NEXT_PRIVATE_ORIGIN: `http://localhost:${port}`,
  });
  if (process.env['CLUSTERHAT_ENDS_WITH_INPUT']) {
    process.stdin.resume().once('end', () => process.kill(process.pid, 'SIGTERM'));
  }
  let handle: Handler | undefined;
  const ready = startNext(port, hostname).then((handler) => (handle = handler));
  const server = createGate(
    async (request, response) => {
      await (handle ?? (await ready))(request, response);
    },
    settings,
    hostname,
  );
  server.on('error', (error: NodeJS.ErrnoException) => {
    // A connection that could not be accepted for lack of descriptors or memory; the others continue.
    if (server.listening) return;
    console.error(`clusterhat: ${listenReason(error, hostname, port)}`);
    process.exit(2);
  });
  // The system drops connections beyond that; a browser retries after one, three and seven seconds.
  server.listen({ port, host: hostname, backlog: BACKLOG });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => server.close(() => process.exit(0)));
  }
  await ready;
}

/** The settings; an invalid one ends the process with a sentence that names it and exit code 2. */
function settingsOrExit(): Settings {
  try {
    return getSettings();
  } catch (error) {
    console.error(`clusterhat: ${(error as Error).message}`);
    return process.exit(2);
  }
}

/** Loads Next and returns its handler for requests that pass the gate. */
async function startNext(port: number, hostname: string): Promise<Handler> {
  await import('next');
  const { getRequestHandlers } = await import('next/dist/server/lib/start-server');
  const { requestHandler } = await getRequestHandlers({
    dir: __dirname,
    port,
    hostname,
    isDev: false,
    onDevServerCleanup: undefined,
  });
  return dispatch(requestHandler, __dirname);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';

const buildSchema = z.object({ config: z.looseObject({}) });

/**
 * The dashboard's server process: does what the `server.js` of Next's standalone output does, but is
 * bundled with the part of Next that serves (scripts/lib/bundle-server.mjs). HOSTNAME and PORT say where
 * it listens.
 */
async function main(): Promise<void> {
  process.chdir(__dirname);
  const built: unknown = JSON.parse(
    readFileSync(join(__dirname, '.next', 'required-server-files.json'), 'utf8'),
  );
  const { config } = buildSchema.parse(built);
  // Next reads its configuration and NODE_ENV when its modules are loaded, so not before here.
  Object.assign(process.env, {
    NODE_ENV: 'production',
    __NEXT_PRIVATE_STANDALONE_CONFIG: JSON.stringify(config),
  });
  if (process.env['CLUSTERHAT_ENDS_WITH_INPUT']) {
    process.stdin.resume().once('end', () => process.kill(process.pid, 'SIGTERM'));
  }
  await import('next');
  const { startServer } = await import('next/dist/server/lib/start-server');
  await startServer({
    dir: __dirname,
    isDev: false,
    hostname: process.env['HOSTNAME'] || '127.0.0.1',
    port: Number(process.env['PORT'] || 3000),
    allowRetry: false,
  });
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});

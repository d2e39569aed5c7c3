// Starts the lab's command line (lab/cli.ts) through tsx; installs the npm packages first when they are missing.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './lib/install.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const tsx = join(root, 'node_modules', 'tsx', 'dist', 'loader.mjs');

// Prints on stderr only: stdout belongs to the lab (`lab env` is read by a shell).
ensureInstalled();
const cli = spawn(
  process.execPath,
  ['--import', tsx, join('lab', 'cli.ts'), ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit' },
);
// The lab must not go on by itself once this process was asked to end.
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => cli.kill(signal));
}
cli.on('error', (error) => {
  throw error;
});
// Ended by a signal: 128 plus SIGINT's number, as in a shell.
cli.on('exit', (code) => process.exit(code ?? 130));

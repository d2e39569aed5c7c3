// Starts the lab's command line (lab/cli.ts) through tsx; installs the npm packages first when they are missing.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './lib/install.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const tsx = join(root, 'node_modules', 'tsx', 'dist', 'loader.mjs');

// Prints on stderr only: stdout belongs to the lab (`lab env` is read by a shell).
ensureInstalled();
const { status, error } = spawnSync(
  process.execPath,
  ['--import', tsx, join('lab', 'cli.ts'), ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit' },
);
if (error) throw error;
// Ended by a signal: 128 plus SIGINT's number, as in a shell.
process.exit(status ?? 130);

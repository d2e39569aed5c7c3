// Starts the lab's command line (lab/cli.ts) through tsx; installs the npm packages first when they are missing.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const tsx = join(root, 'node_modules', 'tsx', 'dist', 'loader.mjs');

/**
 * Runs one command in the foreground and gives its exit code; a signal counts as 128 and more, as in a shell.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').StdioOptions} stdio
 * @returns {number}
 */
function run(command, args, stdio) {
  const result = spawnSync(command, args, { cwd: root, stdio });
  if (result.error) throw result.error;
  return result.status ?? 130;
}

if (!existsSync(tsx)) {
  console.error('lab: installing the npm packages first (npm ci) …');
  // npm's own words go to stderr: stdout belongs to the lab (`lab env` is read by a shell).
  const code = run('npm', ['ci', '--no-audit', '--no-fund'], ['ignore', 2, 2]);
  if (code !== 0) process.exit(code);
}
process.exit(
  run(
    process.execPath,
    ['--import', tsx, join('lab', 'cli.ts'), ...process.argv.slice(2)],
    'inherit',
  ),
);

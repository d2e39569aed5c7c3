// Runs within `npm version X`: writes the new version into the docs and the deployment.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

/** lab/install-docs.test.ts holds these files to package.json's version. */
const FILES = [
  'README.md',
  'Dockerfile.dashboard',
  'deploy/README.md',
  'deploy/docker-bake.hcl',
  'deploy/stack.yml',
  'docs/install.md',
];
const MENTION =
  /(clusterhat-(?:swarm-|dashboard:)|variable "VERSION" \{\s+default = ")\d+\.\d+\.\d+(?:-[\w.]*\w)?/g;

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
for (const file of FILES) {
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll(MENTION, `$1${version}`));
}
spawnSync('git', ['add', ...FILES], { stdio: 'inherit' });

// `npm run release`: makes dist/clusterhat-swarm-VERSION.tgz, an npm package without dependencies that runs on any
// Node.js and any processor.
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, isNative, namesCheckout, PACKAGE } from './lib/build.mjs';
import { filesOf } from './lib/files.mjs';
import { digestOf } from './lib/digest.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { thirdPartyLicenses } from './lib/licenses.mjs';

/** Maximum size of the archive in bytes. */
const MOST_BYTES = 12e6;
/** Sources of the two images, the deployment, and the documentation. */
const SOURCES = [
  'Dockerfile.dashboard',
  'Dockerfile.echo.arm',
  'deploy',
  'echo-server',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
  'docs',
  // README.md and docs link to these two.
  'demo/README.md',
  'lab/README.md',
];

/** @param {string} message @returns {never} */
function fail(message) {
  console.error(`release: ${message}`);
  process.exit(1);
}

ensureInstalled();
await ensureBuilt();

// Not packed again from the same files, as several tests at once use the archive.
const STAMP = 'dist/release.sources';
const parts = ['bin', 'demo/demo.mjs', 'server', 'package.json'].map((part) => join(PACKAGE, part));
const digest = digestOf([...SOURCES, ...parts, 'scripts', 'package-lock.json']);
const [stamped, archive] = existsSync(STAMP) ? readFileSync(STAMP, 'utf8').split('\n') : [];
if (stamped === digest && archive && existsSync(archive)) {
  console.log(`${archive}: up to date`);
  process.exit();
}
rmSync(STAMP, { force: true });

for (const source of SOURCES) {
  const target = join(PACKAGE, source);
  rmSync(target, { recursive: true, force: true });
  cpSync(source, target, {
    recursive: true,
    filter: (path) => !/_test\.go$|\.test\.ts$/.test(path),
  });
}
// Its own stage is the last one of the release's Dockerfile, and so the default, whichever the builder.
const [dockerfile, rest] = readFileSync('Dockerfile.dashboard', 'utf8').split(
  '# ---- Only in a clone',
);
if (!dockerfile || !rest) fail('Dockerfile.dashboard has no "Only in a clone" line.');
writeFileSync(join(PACKAGE, 'Dockerfile.dashboard'), `${dockerfile.trimEnd()}\n`);
writeFileSync(join(PACKAGE, 'THIRD-PARTY.md'), thirdPartyLicenses());

for (const name of readdirSync('dist')) if (name.endsWith('.tgz')) rmSync(join('dist', name));
mkdirSync('dist', { recursive: true });
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const pack = spawnSync(npm, ['pack', '--json', '--ignore-scripts', '--pack-destination', '..'], {
  cwd: PACKAGE,
  encoding: 'utf8',
  maxBuffer: 2 ** 26,
});
if (pack.status !== 0) fail(`npm pack failed:\n${pack.stderr}`);
/** @type {{ filename: string, files: { path: string }[] }[]} */
const [packed] = JSON.parse(pack.stdout);
if (!packed) fail('npm pack made nothing.');

// npm excludes some file names; a release without one of our files must not be published.
const there = new Set(packed.files.map(({ path }) => path));
const missing = filesOf(PACKAGE).filter((file) => !there.has(file));
if (missing.length > 0) fail(`npm pack left out ${missing.join(', ')}`);
const leaks = ['bin', 'demo', 'server'].flatMap((part) =>
  filesOf(join(PACKAGE, part))
    .filter((file) => namesCheckout(readFileSync(join(PACKAGE, part, file), 'utf8')))
    .map((file) => `${part}/${file}`),
);
if (leaks.length > 0) fail(`a path of this machine is in ${leaks.join(', ')}`);
const native = filesOf(PACKAGE).filter((file) => isNative(join(PACKAGE, file)));
if (native.length > 0) fail(`native code: ${native.join(', ')}`);

const file = join('dist', packed.filename);
const { size } = statSync(file);
console.log(
  `${file}: ${(size / 1e6).toFixed(1)} MB of at most ${MOST_BYTES / 1e6}, ${packed.files.length} files`,
);
if (size > MOST_BYTES) fail('that is too large.');
writeFileSync(STAMP, `${digest}\n${file}`);

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleServer } from './bundle-server.mjs';
import { digestOf } from './digest.mjs';
import { filesOf } from './files.mjs';
import { mergeSameChunks } from './same-chunks.mjs';

/** The unpacked release, which `npm start`, the tests and the image run. */
export const PACKAGE = 'dist/package';

/** Sources of every part. */
const COMMON = ['package.json', 'package-lock.json', 'tsconfig.json', 'scripts/lib'];

/** Builds the parts of the release in `dist/package` whose sources have changed. */
export async function ensureBuilt() {
  await ensureCommandBuilt();
  await ensureServerBuilt();
  await ensureDemoBuilt();
}

/** Builds the `clusterhat` command, which is quick, so that wrong options are rejected before the rest is built. */
export function ensureCommandBuilt() {
  const sources = ['bin', 'server', 'lib', 'demo/socket-path.ts', ...COMMON];
  return unlessUpToDate('bin', sources, async () => {
    cpSync('bin/clusterhat.mjs', join(PACKAGE, 'bin/clusterhat.mjs'));
    cpSync('bin/node-version.mjs', join(PACKAGE, 'bin/node-version.mjs'));
    await bundle('bin/main.ts', join(PACKAGE, 'bin/main.mjs'));
    writeFileSync(join(PACKAGE, 'package.json'), packageJson());
  });
}

/** Bundles the demo swarm into one file. */
export function ensureDemoBuilt() {
  const sources = ['demo', 'lib/swarm', ...COMMON];
  return unlessUpToDate('demo', sources, () =>
    bundle('demo/main.ts', join(PACKAGE, 'demo/demo.mjs')),
  );
}

/** Builds the dashboard: Next's standalone server and what browsers load. */
export function ensureServerBuilt() {
  const sources = [
    'app',
    'components',
    'lib',
    'public',
    'server',
    'instrumentation.ts',
    'next.config.js',
  ];
  return unlessUpToDate('server', [...sources, 'postcss.config.mjs', ...COMMON], () => {
    console.log('clusterhat: building the dashboard (about half a minute on a PC) …');
    const next = ['node_modules/next/dist/bin/next', 'build'];
    const { status } = spawnSync(process.execPath, next, {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' },
    });
    if (status !== 0) {
      console.error('clusterhat: the build failed, see above.');
      process.exit(status ?? 1);
    }
    return assembleServer(join(PACKAGE, 'server'));
  });
}

/**
 * Runs `make` unless `dist/package/PART` was built from the same sources.
 * @param {string} part
 * @param {string[]} sources files and folders
 * @param {() => void | Promise<void>} make
 */
async function unlessUpToDate(part, sources, make) {
  const stamp = join('dist', `${part}.sources`);
  const digest = digestOf(sources);
  const made = join(PACKAGE, part);
  if (existsSync(made) && existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  rmSync(stamp, { force: true });
  rmSync(made, { recursive: true, force: true });
  mkdirSync(made, { recursive: true });
  await make();
  writeFileSync(stamp, digest);
}

/** @param {string} entry @param {string} outfile bundles TypeScript into one module that needs Node.js only */
async function bundle(entry, outfile) {
  const esbuild = await import('esbuild');
  await esbuild.build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'warning',
  });
  await esbuild.stop();
}

/** @returns {string} the release's package.json: nothing to fetch and nothing to run at its installation */
function packageJson() {
  const { name, version, description, license, type, engines } = JSON.parse(
    readFileSync('package.json', 'utf8'),
  );
  const release = {
    name,
    version,
    description,
    license,
    type,
    engines,
    keywords: ['docker', 'swarm', 'raspberry-pi', 'clusterhat', 'dashboard'],
    bin: { clusterhat: 'bin/clusterhat.mjs' },
    files: ['**', 'server/node_modules/**'],
  };
  return `${JSON.stringify(release, null, 2)}\n`;
}

/**
 * The server of the release: Next's standalone output, bundled, with the static files and
 * without this machine's paths.
 * @param {string} target
 */
async function assembleServer(target) {
  const standalone = '.next/standalone';
  await bundleServer(standalone, target);
  cpSync(join(standalone, '.next'), join(target, '.next'), {
    recursive: true,
    // What was traced, and where the built code came from: for builders.
    filter: (path) => !/\.(nft\.json|map)$/.test(path),
  });
  mergeSameChunks(join(target, '.next'));
  cpSync('.next/static', join(target, '.next/static'), { recursive: true });
  for (const script of firstScripts()) compileEagerly(join(target, '.next', script));
  if (existsSync('public')) cpSync('public', join(target, 'public'), { recursive: true });
  const built = join(target, '.next/required-server-files.json');
  const here = process.cwd();
  const config = JSON.parse(readFileSync(built, 'utf8'), (_, value) => {
    if (value === here) return '.';
    return typeof value === 'string' && value.startsWith(`${here}/`)
      ? `.${value.slice(here.length)}`
      : value;
  });
  writeFileSync(built, JSON.stringify(config));
  await bundleLiveWorker(join(target, '.next/static'), config.config.env.CLUSTERHAT_BUILD);
  const native = filesOf(target).filter((file) => isNative(join(target, file)));
  if (native.length > 0) {
    // Compiled for the builder's processor; it would fail on a 32-bit controller.
    console.error(`clusterhat: native code in the build: ${native.join(', ')}`);
    process.exit(1);
  }
}

/** @returns {string[]} the scripts that every page's HTML names, by their paths from `.next` */
function firstScripts() {
  const { rootMainFiles } = JSON.parse(readFileSync('.next/build-manifest.json', 'utf8'));
  return rootMainFiles;
}

/** Smaller scripts are not compiled while they arrive (bytes). */
const STREAMED = 30_000;

/**
 * Marks a script whose functions are called at once: Chromium (136 and later) then compiles all of them on another thread while
 * the script arrives, and not one by one on the page's own (docs/decisions/018).
 * @param {string} file
 */
function compileEagerly(file) {
  const code = readFileSync(file, 'utf8');
  if (code.length >= STREAMED) writeFileSync(file, `//# allFunctionsCalledOnLoad\n${code}`);
}

/**
 * Bundles the worker that a browser's pages share into one file, named as lib/client/shared-stream.ts has it. Turbopack's own
 * workers load several files by the asset prefix, which is relative to the page and not to the worker.
 * @param {string} folder
 * @param {string} build the build's id
 */
async function bundleLiveWorker(folder, build) {
  const esbuild = await import('esbuild');
  await esbuild.build({
    entryPoints: ['lib/client/stream-worker.ts'],
    outfile: join(folder, `live-${build}.js`),
    bundle: true,
    minify: true,
    format: 'iife',
    target: ['chrome111', 'firefox111', 'safari16.4'],
    logLevel: 'warning',
  });
  await esbuild.stop();
}

/**
 * Whether built code contains the checkout's folder as a path; a short one (`/app`) is part of many
 * words.
 * @param {string} text
 */
export function namesCheckout(text) {
  const here = process.cwd().replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`"${here}"|(?<![\\w.@/-])${here}/(node_modules|\\.next|dist|app|lib)/`).test(
    text,
  );
}

/** First bytes of compiled programs and libraries: ELF, Mach-O (either order, and universal), Windows. */
const NATIVE = ['7f454c46', 'cffaedfe', 'feedfacf', 'cefaedfe', 'feedface', 'cafebabe', '4d5a'];

/** @param {string} path @returns {boolean} whether the file holds code for one kind of processor */
export function isNative(path) {
  const start = readFileSync(path).subarray(0, 4).toString('hex');
  return NATIVE.some((magic) => start.startsWith(magic));
}

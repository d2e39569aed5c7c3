import { cpSync, readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

/**
 * Modules of Next that have to stay files of their own: the built pages load them by name and share
 * their state with the server (`*.external.js`), or they are bundles already (`compiled`).
 */
const SHARED = /[\\/]node_modules[\\/](next[\\/]dist[\\/](?:compiled[\\/].*|.*\.external\.js))$/;
const NEXT = /^next[\\/]dist[\\/](?!compiled[\\/])/;

/**
 * Bundles server/standalone.ts with what it uses of Next, and copies beside it what the bundle and the
 * built pages load at run time. Of the 1,100 files that Next's standalone output names for that, 250 are
 * left; npx unpacks the release in half the time.
 * @param {string} standalone Next's standalone output
 * @param {string} target the folder of the server in the release
 */
export async function bundleServer(standalone, target) {
  const esbuild = await import('esbuild');
  /** @type {import('esbuild').BuildOptions} */
  const options = { bundle: true, platform: 'node', target: 'node20', logLevel: 'error' };
  await esbuild.build({
    ...options,
    entryPoints: ['server/standalone.ts'],
    outfile: join(target, 'server.cjs'),
    format: 'cjs',
    minify: true,
    define: { 'process.env.NODE_ENV': '"production"', 'process.env.NEXT_RUNTIME': '"nodejs"' },
    plugins: [resolveIn(standalone, true)],
  });

  const modules = join(standalone, 'node_modules');
  const files = filesBelow(modules).map((file) => relative(modules, file));
  const shared = files.filter((file) => SHARED.test(join('/node_modules', file)));
  const { metafile } = await esbuild.build({
    ...options,
    entryPoints: shared.filter((file) => /\.c?js$/.test(file)).map((file) => join(modules, file)),
    outdir: 'unused',
    write: false,
    metafile: true,
    logLevel: 'silent',
    plugins: [resolveIn(standalone, false)],
  });
  const used = new Set(Object.keys(metafile.inputs).map((input) => resolve(input)));
  for (const file of files) {
    if (UNUSED.test(file)) continue;
    const isUsed = used.has(resolve(modules, file)) || /(^|[\\/])package\.json$/.test(file);
    if (NEXT.test(file) && !isUsed) continue;
    cpSync(join(modules, file), join(target, 'node_modules', file));
  }
}

/** The image optimiser: 19 MB of native code for pictures that the page does not have. */
const UNUSED = /^(sharp|@img|detect-libc|semver)[\\/]/;

/**
 * Resolves Next's modules in its standalone output, which lacks what only the development server
 * requires: that stays a `require` which never runs.
 * @param {string} standalone
 * @param {boolean} keepShared whether `SHARED` modules stay files
 * @returns {import('esbuild').Plugin}
 */
function resolveIn(standalone, keepShared) {
  return {
    name: 'resolve in the standalone output',
    setup(build) {
      build.onResolve(
        { filter: /.*/ },
        async ({ path, kind, importer, resolveDir, pluginData }) => {
          if (kind === 'entry-point' || pluginData === 'resolved') return undefined;
          if (UNUSED.test(`${path}/`)) return { path, external: true };
          const found = await build.resolve(path, {
            kind,
            importer,
            resolveDir: /^next([\\/]|$)/.test(path) ? resolve(standalone) : resolveDir,
            pluginData: 'resolved',
          });
          if (found.errors.length > 0) return { path, external: true };
          const [, shared] = (keepShared && SHARED.exec(found.path)) || [];
          return shared ? { path: shared.replaceAll('\\', '/'), external: true } : found;
        },
      );
    },
  };
}

/** @param {string} folder @returns {string[]} */
function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

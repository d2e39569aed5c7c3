import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, resolve } from 'node:path';

/**
 * Modules that Next requires lazily and the dashboard never uses: the image optimiser (19 MB of
 * native code; `images.unoptimized` refuses its requests) and the runtime of edge functions.
 */
const UNUSED = /^(sharp|@img|next\/dist\/compiled\/(edge-runtime|@edge-runtime\/primitives))(\/|$)/;
/** Modules that Next resolves by name at startup without loading them. */
const RESOLVED = ['next/package.json', 'styled-jsx/package.json', 'styled-jsx/style.js'];
/** Where the bundle exports the modules that built pages share with it. */
const SHARED = "globalThis[Symbol.for('clusterhat.modules')]";

/**
 * Bundles server/standalone.ts with all that it uses of Next's standalone output into `server.cjs`. Built
 * pages require some of Next's modules by name and share their state with the server, so each of these
 * names gets a file that exports the bundle's own module. Instead of 1,100 files of Next's the release has
 * a dozen, and npx, which takes some 5 ms a file, unpacks it in a second.
 * @param {string} standalone Next's standalone output
 * @param {string} target the folder of the server in the release
 */
export async function bundleServer(standalone, target) {
  const esbuild = await import('esbuild');
  const shared = sharedModules(standalone);
  const modules = shared.map(
    (name) => `${JSON.stringify(name)}: () => require(${JSON.stringify(name)})`,
  );
  await esbuild.build({
    stdin: {
      contents: `${SHARED} = { ${modules.join(', ')} };\nrequire('./server/standalone.ts');`,
      resolveDir: process.cwd(),
    },
    outfile: join(target, 'server.cjs'),
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'error',
    // As Next's own production server has them; they leave out whole variants of its runtime.
    define: {
      'process.env.NODE_ENV': '"production"',
      'process.env.NEXT_RUNTIME': '"nodejs"',
      'process.env.TURBOPACK': '"1"',
      'process.env.__NEXT_EXPERIMENTAL_REACT': '""',
    },
    plugins: [resolveIn(standalone)],
  });
  // Otherwise its process would run until this one ends.
  await esbuild.stop();
  for (const name of shared) {
    write(moduleFile(target, name), `module.exports = ${SHARED}[${JSON.stringify(name)}]();\n`);
  }
  for (const name of RESOLVED) {
    cpSync(join(standalone, 'node_modules', name), join(target, 'node_modules', name));
  }
}

/** @param {string} target @param {string} name @returns {string} where `require(name)` finds a module */
function moduleFile(target, name) {
  const file = join(target, 'node_modules', name);
  return /\.c?js$/.test(name) ? file : `${file}.js`;
}

/**
 * @param {string} standalone
 * @returns {string[]} names of packages' modules that the built pages require
 */
function sharedModules(standalone) {
  const folder = join(standalone, '.next/server');
  /** @param {string} name */
  const isThere = (name) => existsSync(join(standalone, 'node_modules', name));
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js'))
    .flatMap((file) => [
      ...readFileSync(join(folder, file), 'utf8').matchAll(
        /\b(?:require|import)\("([^".][^"]*)"\)/g,
      ),
    ])
    .map(([, name = '']) => name)
    .filter((name) => !isBuiltin(name) && isThere(name));
  return [...new Set(names)].sort();
}

/** @param {string} file @param {string} text */
function write(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/**
 * Resolves Next's modules in its standalone output, which lacks what only the development server
 * requires: that stays a `require` which never runs.
 * @param {string} standalone
 * @returns {import('esbuild').Plugin}
 */
function resolveIn(standalone) {
  const inside = resolve(standalone);
  return {
    name: 'resolve in the standalone output',
    setup(build) {
      build.onResolve(
        { filter: /.*/ },
        async ({ path, kind, importer, resolveDir, pluginData }) => {
          if (kind === 'entry-point' || pluginData === 'resolved') return undefined;
          if (UNUSED.test(path)) return { path, external: true };
          const ofNext = /^next(\/|$)/.test(path) || importer.startsWith(inside);
          const found = await build.resolve(path, {
            kind,
            importer,
            resolveDir: ofNext && !/^[./]/.test(path) ? inside : resolveDir,
            pluginData: 'resolved',
          });
          // Not from the project's own node_modules, which esbuild finds further up.
          const isThere = found.errors.length === 0 && (!ofNext || found.path.startsWith(inside));
          return isThere ? found : { path, external: true };
        },
      );
    },
  };
}

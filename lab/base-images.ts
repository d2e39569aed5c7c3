import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dockerOutput } from './docker';
import { run, tryRun } from './exec';
import { CACHE_DIR, type NodeName } from './layout';

/** Imports an archive as an image of one engine, unless the same archive is already imported. */
export async function importImage(
  node: NodeName,
  name: string,
  archive: string,
  changes: readonly string[],
): Promise<void> {
  const mark = `clusterhat.archive=${archive}`;
  const look = ['image', 'ls', '--quiet', '--filter', `label=${mark}`, name];
  if ((await dockerOutput(node, look)).trim() !== '') return;
  const options = [...changes, `LABEL ${mark}`].flatMap((change) => ['--change', change]);
  await dockerOutput(node, ['import', ...options, archive, name]);
}

/** Creates an archive once, atomically: two labs may do it at the same time. */
export async function pack(
  name: string,
  make: (archive: string) => Promise<void>,
): Promise<string> {
  const archive = join(CACHE_DIR, `${name}.tar`);
  if (!existsSync(archive)) {
    mkdirSync(CACHE_DIR, { recursive: true });
    const made = `${archive}.new-${process.pid}`;
    await make(made);
    renameSync(made, archive);
  }
  return archive;
}

/**
 * Packs programs of this machine with the libraries that they and some add-ons, which come later, are
 * linked to, and an empty /tmp; `renamed` maps a program to another path in the archive.
 */
export async function packPrograms(
  archive: string,
  programs: readonly string[],
  { renamed = {}, addons = [] }: { renamed?: Record<string, string>; addons?: readonly string[] },
): Promise<void> {
  const libraries = await librariesOf([...programs, ...addons]);
  const names = Object.entries(renamed).map(
    ([from, to]) => `--transform=s,^${relative(from)}$,${relative(to)},`,
  );
  const files = [...programs, ...libraries, '/tmp'].map(relative);
  await run('tar', ['-C', '/', '--no-recursion', '-chf', archive, ...names, ...files]);
}

/** The libraries that programs of this machine are linked to. */
export async function librariesOf(programs: readonly string[]): Promise<ReadonlySet<string>> {
  // ldd ends with 1 when one of them is static; it still prints the others.
  const { stdout } = await tryRun('ldd', programs);
  return new Set([...stdout.matchAll(/(\/\S+) \(0x/g)].flatMap((match) => match[1] ?? []));
}

/** Node.js at the path it has in the official image. */
export const NODE_RENAMED = { [process.execPath]: '/usr/local/bin/node' };

/**
 * Loads a replacement for `node:22-slim` into an engine that cannot pull: this machine's Node.js and
 * its libraries.
 */
export async function importNode(node: NodeName, name = 'node:22-slim'): Promise<void> {
  const archive = await pack(`node-${process.version}`, (file) =>
    packPrograms(file, [process.execPath], { renamed: NODE_RENAMED }),
  );
  await importImage(node, name, archive, ['ENV PATH=/usr/local/bin:/usr/bin:/bin']);
}

/** Loads a replacement for `registry:2` into an engine: Debian's registry, configured as the official image is. */
export async function importRegistry(node: NodeName, name = 'registry:2'): Promise<void> {
  const archive = await pack('registry-1', async (file) => {
    await packPrograms(file, ['/usr/bin/docker-registry'], {});
    const folder = mkdtempSync(join(tmpdir(), 'clusterhat-registry-'));
    try {
      mkdirSync(join(folder, 'etc'));
      writeFileSync(
        join(folder, 'etc/registry.yml'),
        [
          'version: 0.1',
          'storage: { filesystem: { rootdirectory: /var/lib/registry } }',
          'http: { addr: ":5000", secret: clusterhat-lab }',
          '',
        ].join('\n'),
      );
      await run('tar', ['-C', folder, '-rf', file, 'etc/registry.yml']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
  const command = '["/usr/bin/docker-registry", "serve", "/etc/registry.yml"]';
  await importImage(node, name, archive, [`CMD ${command}`, 'VOLUME /var/lib/registry']);
}

/** An absolute path as tar's archives name it. */
export function relative(path: string): string {
  return path.replace(/^\//, '');
}

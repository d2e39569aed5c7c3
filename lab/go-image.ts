import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { librariesOf, pack, relative } from './base-images';
import { dockerArgs, dockerOutput } from './docker';
import { run, tryRun } from './exec';
import type { NodeName } from './layout';

/** Replaces golang:alpine in the lab, by a build argument of the Dockerfile. */
export const GO_IMAGE = 'clusterhat-lab/golang';

/** Incremented with each change of the archive's content, so that older archives are not used. */
const RECIPE = 2;

/**
 * Loads an image for building Go programs into an engine (ctrl's by default), made from this
 * machine's Debian packages, because it cannot pull; the archive is kept between `up`s.
 */
export async function importGoImage(node: NodeName = 'ctrl', name = GO_IMAGE): Promise<void> {
  const known = await tryRun('env', dockerArgs(node, ['image', 'inspect', name]));
  if (known.code === 0) return;
  const version = (await run('go', ['version'])).trim().replaceAll(/[^\w.]+/g, '-');
  const archive = await pack(`${version}.${RECIPE}`, packGo);
  const goroot = (await run('go', ['env', 'GOROOT'])).trim();
  const change = `ENV PATH=${goroot}/bin:/bin GOROOT=${goroot} GOPATH=/go GOCACHE=/go/cache`;
  await dockerOutput(node, ['import', '--change', change, archive, name]);
}

/** Packs the toolchain, a shell and the few tools that a RUN step may use, with their libraries. */
async function packGo(archive: string): Promise<void> {
  const goroot = (await run('go', ['env', 'GOROOT'])).trim();
  const tooldir = (await run('go', ['env', 'GOTOOLDIR'])).trim();
  const tools = ['sh', 'cat', 'cp', 'env', 'ls', 'mkdir', 'mv', 'rm', 'touch'];
  const compilers = ['asm', 'buildid', 'compile', 'link', 'pack', 'vet'];
  const binaries = [
    ...tools.map((tool) => `/bin/${tool}`),
    `${goroot}/bin/go`,
    ...compilers.map((tool) => `${tooldir}/${tool}`),
  ];
  const libraries = await librariesOf(binaries);
  const toolchain = ['VERSION', 'pkg/include', 'src'].map((path) => join(goroot, path));
  const paths = [...binaries, ...toolchain, ...libraries].map(relative);
  // Links are followed: Debian's Go is spread over /usr/lib and /usr/share.
  const without = ['*_test.go', 'testdata', `${relative(goroot)}/src/cmd`];
  const excludes = without.map((pattern) => `--exclude=${pattern}`);
  const skeleton = `${archive}.root`;
  // The standard library compiled for a Zero already: the echo service's build takes 2 s instead of 15.
  const forZero = { CGO_ENABLED: '0', GOOS: 'linux', GOARCH: 'arm', GOARM: '6' };
  const cache = { GOCACHE: join(skeleton, 'go', 'cache'), GOFLAGS: '-trimpath' };
  const settings = Object.entries({ ...forZero, ...cache }).map(
    ([name, value]) => `${name}=${value}`,
  );
  await run('env', [...settings, 'go', 'build', 'net/http']);
  // Compilers want a directory for temporary files, and some steps a home.
  for (const directory of ['tmp', 'root']) {
    mkdirSync(join(skeleton, directory), { recursive: true, mode: 0o777 });
  }
  const bare = ['-C', skeleton, 'tmp', 'root', 'go'];
  await run('tar', ['-C', '/', ...excludes, '-chf', archive, ...paths, ...bare]);
  rmSync(skeleton, { recursive: true });
}

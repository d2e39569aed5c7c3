import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { dockerArgs, dockerOn, dockerOutput } from './docker';
import { LabFailure } from './failure';
import { GO_IMAGE, importGoImage } from './go-image';
import { addressesOf, REGISTRY_PORT, REPO_DIR } from './layout';
import type { LabState } from './state';

/** The image name of the original echo service. */
export const ECHO_IMAGE = 'carmeloc/goweb:1.0';

/** The platform of Pi Zeros. */
export const ECHO_PLATFORM = 'linux/arm/v6';

/** The Dockerfile of the image for a platform, relative to the repository's root. */
function dockerfileFor(platform: string): string {
  if (platform === ECHO_PLATFORM || platform === `linux/${HOST_ARCHITECTURE}`) {
    return 'Dockerfile.echo.arm';
  }
  // The repository's Dockerfile deliberately builds an ARMv6 program for every ARM platform.
  return platform === 'linux/arm/v7' ? 'lab/armv7.Dockerfile' : 'lab/foreign.Dockerfile';
}

/** This machine's architecture as Docker names it, which every engine of the lab reports. */
const HOST_ARCHITECTURE = process.arch === 'x64' ? 'amd64' : process.arch;

/**
 * Builds the echo service for a platform and pushes it to the registry: a program for Zeros (`linux/arm/v6`),
 * for this machine, for ARMv7 (`linux/arm/v7`, dies on a Zero); for others an image that only claims to be.
 */
export async function pushEcho(state: LabState, tag: string, platform: string): Promise<void> {
  const dockerfile = dockerfileFor(platform);
  if (!existsSync(join(REPO_DIR, dockerfile))) {
    throw new LabFailure(`there is no ${dockerfile} to build`);
  }
  await importGoImage();
  // Only what the Dockerfile may copy, instead of the whole repository.
  const context = ['tar', '-C', REPO_DIR, '-cf', '-', dockerfile, 'echo-server'];
  const source = ['--platform', platform, '--file', dockerfile];
  const result = ['--build-arg', `GO_IMAGE=${GO_IMAGE}`, '--tag', tag];
  const code = await pipe(context, ['build', ...source, ...result, '-']);
  if (code !== 0) throw new LabFailure(`docker build ended with exit code ${code}`);
  await push(state, tag);
}

/** Pushes an image of ctrl's engine to the lab's registry, from which every node pulls it by its plain name. */
export async function push(state: LabState, tag: string): Promise<void> {
  const remote = `${addressesOf(state.prefix).registry}:${REGISTRY_PORT}/${tag}`;
  await dockerOutput('ctrl', ['tag', tag, remote]);
  await dockerOutput('ctrl', ['push', '--quiet', remote]);
  // Removed from ctrl, which has to pull it like every other node; forced, because a task may use it.
  await dockerOutput('ctrl', ['rmi', '--force', remote, tag]);
}

/** Creates the echo service with the original command; the engine rejects it if it exists. */
export async function createEcho(): Promise<void> {
  const create = ['service', 'create', '--name', 'goweb', '--replicas', '3'];
  const publish = ['--publish', 'published=8888,target=8080'];
  const code = await dockerOn('ctrl', [...create, ...publish, ECHO_IMAGE], 2);
  if (code !== 0) throw new LabFailure(`docker service create ended with exit code ${code}`, code);
}

/** Pipes a command's output to `docker build` on ctrl, whose output goes to stderr; returns its exit code. */
function pipe([command = '', ...args]: string[], build: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const source = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const target = spawn('env', dockerArgs('ctrl', build), { stdio: [source.stdout, 2, 2] });
    source.on('error', reject);
    target.on('error', reject);
    target.on('close', (code) => resolve(code ?? 128));
  });
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { buildxConfig } from '../../lab/buildx';
import { shellOn } from '../../lab/controller';
import { addressesOf } from '../../lab/layout';
import { type LabState, requireUp } from '../../lab/state';
import {
  installed,
  importBases,
  Page,
  passwordIn,
  releaseFolder,
  succeeded,
  RELEASE_VERSION,
} from './controller';
import { documented } from './install-docs';
import { docker, labOk } from './support';

/** Way C of docs/install.md: images that another machine builds and copies over. */

let state: LabState;
let release: Awaited<ReturnType<typeof releaseFolder>> | undefined;
let config = '';

/** `docker buildx` and `ssh` on the PC; `ssh` stores its input. */
async function onPc(script: string): Promise<string> {
  const path = release?.path ?? '/nowhere';
  const done = await shellOn(state, 'spare', `${documented('unpack')}${script}`, {
    cwd: path,
    // The lab's machines are PCs, and QEMU runs their Zeros' programs, not their controllers'.
    env: { DOCKER_CONFIG: config, CONTROLLER_PLATFORM: `linux/${ARCHITECTURE}` },
    functions: { ssh: `echo "$*" >'${path}/ssh'; cat >'${path}/carried.tar'` },
  });
  return succeeded(done);
}

const ARCHITECTURE = process.arch === 'x64' ? 'amd64' : process.arch;

const bakeSchema = z.object({
  target: z.record(
    z.string(),
    z.object({
      dockerfile: z.string(),
      target: z.optional(z.string()),
      tags: z.array(z.string()),
      platforms: z.array(z.string()),
    }),
  ),
});

beforeAll(async () => {
  await labOk('reset');
  [release, config] = await Promise.all([releaseFolder(), buildxConfig()]);
  await labOk('spare', 'up');
  state = requireUp();
  await importBases('ctrl');
  await importBases('spare');
}, 900_000);

afterAll(async () => {
  release?.remove();
  await labOk('spare', 'down');
  await labOk('reset');
}, 360_000);

it('builds the echo service for both architectures, and the dashboard from the release', async () => {
  const print = 'docker buildx bake -f deploy/docker-bake.hcl --print';
  const { target } = bakeSchema.parse(JSON.parse(await onPc(`REGISTRY=someone/ ${print}`)));
  expect(target['echo']).toMatchObject({
    dockerfile: 'Dockerfile.echo.arm',
    tags: ['someone/goweb:1.0'],
    platforms: ['linux/arm/v6', 'linux/arm/v7', 'linux/arm64', 'linux/amd64'],
  });
  expect(target['dashboard']).toMatchObject({
    target: 'release',
    tags: [`someone/clusterhat-dashboard:${RELEASE_VERSION}`],
    platforms: ['linux/arm/v7', 'linux/arm64', 'linux/amd64'],
  });
  const carried = bakeSchema.parse(JSON.parse(await onPc(`${print} carry`)));
  expect(carried.target['controller']?.platforms).toEqual([`linux/${ARCHITECTURE}`]);
  expect(carried.target['zeros']?.platforms).toEqual(['linux/arm/v6']);
});

it('uses nothing of an earlier release in the build cache', async () => {
  // Same size and, because npm packs it, same date: only the content differs.
  const earlier = `sed -i "s/${RELEASE_VERSION.replaceAll('.', '[.]')}/9.9.9/" package.json; touch -r LICENSE package.json`;
  const bake = 'docker buildx bake -f deploy/docker-bake.hcl --load controller';
  const show = `docker run --rm --network none clusterhat-dashboard:${RELEASE_VERSION} --version`;
  expect(await onPc(`${earlier}\n${bake}\n${show}`)).toContain('9.9.9');
  expect(await onPc(`${bake}\n${show}`)).toContain(RELEASE_VERSION);
}, 540_000);

it('ends with the page open and three containers answering', async () => {
  await onPc(documented('bake'));
  const path = release?.path ?? '/nowhere';
  const [, command] = readFileSync(join(path, 'ssh'), 'utf8').trim().split(/ (.*)/);
  expect(command).toBe('docker load');
  const loaded = await shellOn(state, 'ctrl', `${command} <'${path}/carried.tar'`);
  expect(succeeded(loaded)).toContain(`clusterhat-dashboard:${RELEASE_VERSION}`);
  const platform = ['image', 'inspect', '--format', '{{.Os}}/{{.Architecture}}'];
  expect(await docker(...platform, '127.0.0.1:5000/goweb:1.0')).toBe('linux/arm\n');

  const there = async (lines: string) =>
    succeeded(await shellOn(state, 'ctrl', documented('unpack') + lines, { cwd: path }));
  const deploy = documented('registry', 'push-carried', 'password', 'secret', 'stack');
  const password = passwordIn(await there(deploy));
  const page = new Page(`http://${addressesOf(state.prefix).nodes.ctrl}:3000`);
  const { html, view, tasks } = await installed(page, 'clusterhat_goweb', password);
  expect(html).toContain('<title>');
  expect(view.engine.name).toBe('ctrl');
  expect(view.nodes.map(({ name }) => name)).toEqual(view.hat);
  expect(tasks.size).toBe(3);
  expect(await there(documented('answer'))).toMatch(/^This is \w{12} running on linux\/arm saying/);
}, 900_000);

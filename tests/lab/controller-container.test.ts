import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shellOn } from '../../lab/controller';
import type { Finished } from '../../lab/exec';
import { addressesOf } from '../../lab/layout';
import { type LabState, requireUp } from '../../lab/state';
import { installed, importBases, Page, releaseFolder, succeeded, VERSION } from './controller';
import { documented } from './install-docs';
import { columns, curl, docker, eventually, labOk } from './support';

/** Way B of docs/install.md: a container that is built on the controller, from the release alone. */

const ECHO = 'ECHO_IMAGE=127.0.0.1:5000/goweb:1.0';

let state: LabState;
let release: Awaited<ReturnType<typeof releaseFolder>> | undefined;
let page: Page;
let address = '';

/** Runs shell lines on the controller, in the unpacked release. */
function there(script: string, on: 'ctrl' | 'zero1' = 'ctrl'): Promise<Finished> {
  const lines = `${documented('unpack')}${script}`;
  return shellOn(state, on, lines, { cwd: release?.path ?? '/nowhere' });
}

beforeAll(async () => {
  state = requireUp();
  await labOk('reset');
  release = await releaseFolder();
  await importBases('ctrl');
  address = addressesOf(state.prefix).nodes.ctrl;
  page = new Page(`http://${address}:3000`);
}, 300_000);

afterAll(async () => {
  release?.remove();
  await labOk('reset');
}, 120_000);

describe('deploy.sh says in one sentence what is missing', () => {
  it.each([
    ['a second argument', 'sh deploy/deploy.sh one two', /one argument at most/],
    ['no client', 'PATH=/nowhere /bin/sh deploy/deploy.sh', /no docker command/],
    ['no engine', 'DOCKER_HOST=unix:///nowhere sh deploy/deploy.sh', /no Docker engine answers/],
    ['the dashboard’s image', 'sh deploy/deploy.sh', /no image clusterhat-dashboard:0\.2\.0 on/],
    [
      'the echo service’s name',
      'DASHBOARD_IMAGE=registry:2 sh deploy/deploy.sh',
      /ECHO_IMAGE is not set/,
    ],
    [
      'the echo service’s image',
      `DASHBOARD_IMAGE=registry:2 ${ECHO} sh deploy/deploy.sh`,
      /no registry gives 127\.0\.0\.1:5000\/goweb:1\.0/,
    ],
  ])('%s', async (_, command, sentence) => {
    expectSentence(await there(command), sentence);
  });

  it('a worker', async () => {
    expectSentence(await there('sh deploy/deploy.sh', 'zero1'), /not a swarm manager/);
  });
});

function expectSentence({ code, stdout, stderr }: Finished, sentence: RegExp): void {
  expect(stderr).toMatch(sentence);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
}

it('refuses the stack without an image for the echo service', async () => {
  const done = await there('docker stack deploy -c deploy/stack.yml clusterhat');
  expect(done.code).not.toBe(0);
  expect(done.stderr).toContain('ECHO_IMAGE');
});

it('builds with the classic builder as well', async () => {
  const tag = 'clusterhat-dashboard:classic';
  const build = documented('container').replace(/-t \S+/, `-t ${tag}`);
  expect(build).toContain(tag);
  succeeded(await there(`export DOCKER_BUILDKIT=0\n${build}`));
  const version = ['run', '--rm', '--network', 'none', '--no-healthcheck', tag, '--version'];
  expect(await docker(...version)).toContain(VERSION);
  await docker('rmi', tag);
});

describe('the stack', () => {
  beforeAll(async () => {
    const began = performance.now();
    succeeded(await there(documented('registry', 'echo-image')));
    const built = performance.now();
    succeeded(await there(documented('container')));
    console.info(
      `echo image ${Math.round(built - began)} ms, dashboard image ${Math.round(performance.now() - built)} ms`,
    );
    succeeded(await there(documented('stack')));
  }, 300_000);

  it('ends with the page open and three containers answering', async () => {
    const { html, view, tasks } = await installed(page, 'clusterhat_goweb', 'a good one');
    expect(html).toContain('<title>');
    expect(view.engine.name).toBe('ctrl');
    expect(view.nodes.map(({ name }) => name)).toEqual(view.hat);
    expect(tasks.size).toBe(3);
    expect(succeeded(await there(documented('answer')))).toMatch(/^This is \w{12} running on /);
  }, 240_000);

  it('asks for a secret that is there', async () => {
    const done = await there(`DASHBOARD_SECRET=none ${ECHO} sh deploy/deploy.sh`);
    expectSentence(done, /no secret none/);
  });

  it('takes a new password without touching the echo service', async () => {
    const tasks = () => docker('service', 'ps', '--quiet', '--no-trunc', 'clusterhat_goweb');
    const before = await tasks();
    const changed = new AbortController();
    const asked = (async () => {
      const answers: string[] = [];
      while (!changed.signal.aborted) {
        answers.push(await curl(`http://${address}:8888/still%20there`));
      }
      return answers;
    })();
    try {
      succeeded(await there(documented('stack-password')));
      await eventually('the new password to be asked for', async () => {
        const status = await page.scale('clusterhat_goweb', 3, 'a better one').catch(() => 0);
        return status === 202 ? true : undefined;
      });
    } finally {
      changed.abort();
    }
    const answers = await asked;
    expect(answers.length).toBeGreaterThan(10);
    for (const answer of answers) expect(answer).toMatch(/saying: still there\n$/);
    expect(await page.scale('clusterhat_goweb', 3, 'a good one')).toBe(401);
    expect(await tasks()).toBe(before);
  }, 180_000);

  it('keeps the new password when the stack is deployed again', async () => {
    succeeded(await there(`${ECHO} sh deploy/deploy.sh`));
    const names = '{{range .Spec.TaskTemplate.ContainerSpec.Secrets}}{{.SecretName}} {{end}}';
    const secrets = await docker('service', 'inspect', 'clusterhat_dashboard', '--format', names);
    expect(secrets.trim()).toBe('clusterhat_password2');
  });

  it('goes on without the registry, which has no password', async () => {
    await docker('stack', 'rm', 'registry');
    await eventually('the registry to be gone', async () => {
      const services = columns(await docker('service', 'ls'));
      return services.some(({ NAME }) => NAME?.startsWith('registry')) ? undefined : true;
    });
    expect(await curl(`http://${address}:8888/Hello!`)).toMatch(/^This is \w{12} running on /);
  });
});

import { setTimeout as later } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { shellOn } from '../../lab/controller';
import { dockerOutput } from '../../lab/docker';
import type { Finished } from '../../lab/exec';
import { addressesOf, type NodeName } from '../../lab/layout';
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
import { columns, curl, docker, eventually, labOk } from './support';

/** Way B of docs/install.md: a container built on the controller, from the release only. */

const IMAGE = '127.0.0.1:5000/goweb:1.0';
const ECHO = `ECHO_IMAGE=${IMAGE}`;
const ZEROS = ['zero1', 'zero2', 'zero3', 'zero4'] as const;

let state: LabState;
let release: Awaited<ReturnType<typeof releaseFolder>> | undefined;
let page: Page;
let address = '';

/** Runs shell lines on the controller, in the unpacked release. */
function there(script: string, on: 'ctrl' | 'zero1' = 'ctrl'): Promise<Finished> {
  const lines = `${documented('unpack')}${script}`;
  return shellOn(state, on, lines, { cwd: release?.path ?? '/nowhere' });
}

/** A task would start from what an earlier run has left: by digest, so it has no tag to remove. */
async function forgetEcho(node: NodeName): Promise<void> {
  const list = ['image', 'ls', '--quiet', '--no-trunc', IMAGE.replace(/:[^:]*$/, '')];
  const ids = new Set((await dockerOutput(node, list)).split('\n').filter(Boolean));
  if (ids.size > 0) await dockerOutput(node, ['rmi', '--force', ...ids]);
}

beforeAll(async () => {
  state = requireUp();
  await labOk('reset');
  release = await releaseFolder();
  await importBases('ctrl');
  await Promise.all(ZEROS.map(forgetEcho));
  address = addressesOf(state.prefix).nodes.ctrl;
  page = new Page(`http://${address}:3000`);
}, 900_000);

afterAll(async () => {
  release?.remove();
  await labOk('reset');
}, 360_000);

describe('deploy.sh reports in one sentence what is missing', () => {
  it.each([
    ['a second argument', 'sh deploy/deploy.sh one two', /one argument at most/],
    ['an unknown option', 'sh deploy/deploy.sh --stack', /unknown option --stack: .*--help/],
    ['no client', 'PATH=/nowhere /bin/sh deploy/deploy.sh', /no docker command/],
    ['no engine', 'DOCKER_HOST=unix:///nowhere sh deploy/deploy.sh', /no Docker engine answers/],
    [
      'the dashboard’s image',
      'sh deploy/deploy.sh',
      new RegExp(`no image clusterhat-dashboard:${RELEASE_VERSION} on`),
    ],
    [
      'the echo service’s name',
      'DASHBOARD_IMAGE=registry:2 sh deploy/deploy.sh',
      /ECHO_IMAGE is not set/,
    ],
    [
      'the registry',
      `DASHBOARD_IMAGE=registry:2 ${ECHO} sh deploy/deploy.sh`,
      /registry of 127\.0\.0\.1:5000\/goweb:1\.0 does not answer: .*docker stack deploy -c deploy\/registry\.yml registry/,
    ],
    [
      'a program on the port',
      `mkfifo ready
      '${process.execPath}' -e "require('net').createServer().listen(3000, () => console.log())" >ready & program=$!
      read -r line <ready
      code=0; sh deploy/deploy.sh || code=$?
      kill $program; rm ready; exit $code`,
      /port 3000 of this machine is taken by another program: set DASHBOARD_PORT/,
    ],
    [
      'a service on the port',
      `docker service create --quiet --detach --name goweb --publish 8888:80 registry:2 >/dev/null 2>&1
      code=0; sh deploy/deploy.sh || code=$?
      docker service rm goweb >/dev/null; exit $code`,
      /port 8888 is taken by the service goweb: .*docker service rm goweb/,
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

it('rejects the stack without an image of the echo service', async () => {
  const done = await there('docker stack deploy -c deploy/stack.yml clusterhat');
  expect(done.code).not.toBe(0);
  expect(done.stderr).toContain('ECHO_IMAGE');
});

it('prints its help', async () => {
  const done = await there('sh deploy/deploy.sh --help');
  expect(succeeded(done)).toMatch(/^usage: deploy\.sh \[STACK\]\n[^]*ECHO_IMAGE/);
});

it('builds with the classic builder as well', async () => {
  const tag = 'clusterhat-dashboard:classic';
  const build = documented('container').replace(/-t \S+/, `-t ${tag}`);
  expect(build).toContain(tag);
  succeeded(await there(`export DOCKER_BUILDKIT=0\n${build}`));
  const version = ['run', '--rm', '--network', 'none', '--no-healthcheck', tag, '--version'];
  expect(await docker(...version)).toContain(RELEASE_VERSION);
  await docker('rmi', tag);
});

describe('the image alone', () => {
  beforeAll(async () => {
    succeeded(await there(documented('container')));
  }, 360_000);

  it.each([
    ['as it is', []],
    ['on a read-only file system', ['--read-only', '--tmpfs', '/tmp']],
    ['as any user', ['--user', '54321:54321']],
    ['on another port', ['--env', 'PORT=3100']],
  ])(
    'runs the demo and is healthy %s',
    async (_, options) => {
      // A slow machine may need more than three probes to start.
      const probes = ['--health-interval', '500ms', '--health-retries', '60'];
      const run = ['run', '--detach', '--network', 'none', ...probes];
      const image = `clusterhat-dashboard:${RELEASE_VERSION}`;
      const id = (await docker(...run, ...options, image, '--demo')).trim();
      try {
        const health = await eventually('a verdict', async () => {
          const format = '{{.State.Running}} {{.State.Health.Status}}';
          const seen = (await docker('inspect', '--format', format, id)).trim();
          return seen === 'true starting' ? undefined : seen;
        });
        expect(health, await docker('logs', id)).toBe('true healthy');
        // Not another port that happens to answer.
        const asked = options.includes('PORT=3100') ? '3100' : '3000';
        const fetched = `fetch('http://127.0.0.1:${asked}/healthz').then(({ status }) => console.log(status))`;
        expect(await docker('exec', id, 'node', '-e', fetched)).toBe('200\n');
      } finally {
        await docker('rm', '--force', id);
      }
    },
    180_000,
  );
});

describe('the stack', () => {
  let password = '';

  beforeAll(async () => {
    const began = performance.now();
    succeeded(await there(documented('registry', 'echo-image')));
    const built = performance.now();
    succeeded(await there(documented('container')));
    console.info(
      `echo image ${Math.round(built - began)} ms, dashboard image ${Math.round(performance.now() - built)} ms`,
    );
    const lines = documented('password', 'secret', 'stack');
    password = passwordIn(succeeded(await there(lines)));
  }, 900_000);

  it('uses images of the registry', async () => {
    const done = await there(`${ECHO.replace('goweb', 'none')} sh deploy/deploy.sh`);
    expectSentence(done, /no registry has 127\.0\.0\.1:5000\/none:1\.0: push it first/);
  });

  it('ends with the page open and three containers answering', async () => {
    const { html, view, tasks } = await installed(page, 'clusterhat_goweb', password);
    expect(html).toContain('<title>');
    expect(view.engine.name).toBe('ctrl');
    expect(view.nodes.map(({ name }) => name)).toEqual(view.hat);
    expect(tasks.size).toBe(3);
    expect(succeeded(await there(documented('answer')))).toMatch(/^This is \w{12} running on /);
  }, 720_000);

  it('refers to an existing secret', async () => {
    const done = await there(`DASHBOARD_SECRET=none ${ECHO} sh deploy/deploy.sh`);
    expectSentence(done, /no secret none/);
  });

  it('accepts a new password without restarting the echo service', async () => {
    const tasks = () => docker('service', 'ps', '--quiet', '--no-trunc', 'clusterhat_goweb');
    const before = await tasks();
    const changed = new AbortController();
    const asked = (async () => {
      const answers: string[] = [];
      while (!changed.signal.aborted) {
        const request = () => curl(`http://${address}:8888/still%20there`);
        // One retry: a busy machine loses a connection now and then (EHOSTUNREACH, seen); a service that
        // is replaced is away for seconds.
        answers.push(await request().catch(request).catch(String));
        // Without a pause the requests would starve the engines' own traffic on a busy machine.
        await later(100);
      }
      return answers;
    })();
    try {
      for (let change = 1; change <= 2; change++) {
        const old = password;
        const lines = documented('password', 'secret', 'stack-password');
        password = passwordIn(succeeded(await there(lines)));
        await eventually('the new password to be required', async () => {
          const status = await page.scale('clusterhat_goweb', 3, password).catch(() => 0);
          return status === 202 ? true : undefined;
        });
        expect(await page.scale('clusterhat_goweb', 3, old)).toBe(401);
      }
    } finally {
      changed.abort();
    }
    const answers = await asked;
    expect(answers.length).toBeGreaterThan(10);
    for (const answer of answers) expect(answer).toMatch(/saying: still there\n$/);
    expect(await tasks()).toBe(before);
  }, 540_000);

  it('starts on every node after the registry, which has no password, is closed', async () => {
    succeeded(await there(documented('close-registry')));
    await eventually('the registry to be gone', async () => {
      const services = columns(await docker('service', 'ls'));
      return services.some(({ NAME }) => NAME?.startsWith('registry')) ? undefined : true;
    });
    expect(await page.scale('clusterhat_goweb', 10, password)).toBe(202);
    const view = await page.viewWhen('ten running tasks', ({ services }) =>
      services.some(({ name, running }) => name === 'clusterhat_goweb' && running === 10),
    );
    const echo = view.services.find(({ name }) => name === 'clusterhat_goweb');
    const tasks = view.tasks.filter(({ serviceId }) => serviceId === echo?.id);
    expect(new Set(tasks.map(({ nodeId }) => nodeId)).size).toBe(5);
    // None was rejected on the way there.
    expect(tasks).toHaveLength(10);
    expect(await curl(`http://${address}:8888/Hello!`)).toMatch(/^This is \w{12} running on /);
  }, 540_000);

  it('keeps what is deployed when deployed again, without any registry', async () => {
    const echo = () => docker('service', 'ps', '--quiet', '--no-trunc', 'clusterhat_goweb');
    const template = (service: string, format: string) =>
      docker('service', 'inspect', `clusterhat_${service}`, '--format', format);
    const secrets =
      '{{range .Spec.TaskTemplate.ContainerSpec.Secrets}}{{.SecretName}} {{.File.Name}}{{end}}';
    const before = [await echo(), await template('dashboard', secrets)];
    const set = [
      'CLUSTERHAT_NODES=ctrl,zero4,zero3,zero2,zero1',
      'DASHBOARD_PORT=3001',
      'DASHBOARD_USER=0:1',
    ];
    succeeded(await there(`${set.join(' ')} sh deploy/deploy.sh`));
    succeeded(await there('sh deploy/deploy.sh'));
    expect([await echo(), await template('dashboard', secrets)]).toEqual(before);
    const { user, env, ports } = deployedSchema.parse(
      JSON.parse(
        await template(
          'dashboard',
          '{"user":{{json .Spec.TaskTemplate.ContainerSpec.User}},"env":{{json .Spec.TaskTemplate.ContainerSpec.Env}},"ports":{{json .Spec.EndpointSpec.Ports}}}',
        ),
      ),
    );
    expect(user).toBe('0:1');
    expect(env).toContain(set[0]);
    expect(ports).toEqual([expect.objectContaining({ PublishedPort: 3001 })]);
  }, 360_000);

  it('leaves nothing behind when removed', async () => {
    succeeded(await there(documented('remove-stack')));
    expect(await docker('service', 'ls', '--quiet')).toBe('');
    expect(await docker('secret', 'ls', '--quiet')).toBe('');
  });
});

const deployedSchema = z.object({
  user: z.string(),
  env: z.array(z.string()),
  ports: z.array(z.looseObject({ PublishedPort: z.number() })),
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { netnsOf } from '../../lab/layout';
import { type CallApp, loadApp } from '../support/call-app';
import { collide } from '../support/conflicts';
import { type RecordingProxy, recordingProxy } from '../support/recording-proxy';
import { jsonOverSocket } from '../support/unix-socket';
import { docker, eventually, labEnv, labOk, runCommand } from './support';

/** Many changes at once on real engines, and what survives them. */

const IMAGE = 'carmeloc/goweb:1.0';
const ZEROS = ['zero1', 'zero2', 'zero3', 'zero4'];

let env: Record<string, string>;
let socketPath: string;

beforeAll(async () => {
  env = await labEnv();
  socketPath = env['DOCKER_HOST']?.replace('unix://', '') ?? '';
  await labOk('reset');
  await labOk('echo', '--no-create');
}, 720_000);

afterEach(() => void vi.unstubAllEnvs());

async function aDashboard(): Promise<{ call: CallApp; proxy: RecordingProxy }> {
  const proxy = await recordingProxy(socketPath);
  onTestFinished(() => proxy.close());
  vi.stubEnv('DOCKER_HOST', `unix://${proxy.socketPath}`);
  vi.stubEnv('HOSTNAME', '127.0.0.1');
  vi.stubEnv('LOG_LEVEL', 'error');
  vi.resetModules();
  // What the process holds once is of the dashboard before.
  for (const key of Object.getOwnPropertySymbols(globalThis)) {
    if (key.description?.startsWith('clusterhat.')) Reflect.deleteProperty(globalThis, key);
  }
  return { call: await loadApp(), proxy };
}

test('20 clients make 10 changes each at once: all are answered, and none undoes another', async () => {
  const { call, proxy } = await aDashboard();
  const create =
    'service create --detach --name crowded --replicas 2 --label kept=yes --env KEPT=yes';
  await docker(...create.split(' '), '--publish', '8899:8080', IMAGE);
  onTestFinished(async () => {
    await docker('service', 'rm', 'crowded');
    for (const node of ZEROS) {
      await docker('node', 'update', '--availability', 'active', node);
      for (let client = 0; client < 20; client += 1) {
        await docker('node', 'update', '--label-rm', `client-${client}`, node).catch(() => '');
      }
    }
  });
  await collide({
    send: call,
    socketPath,
    posts: proxy.posts,
    service: 'crowded',
    nodes: ZEROS,
    images: [IMAGE, `${env['LAB_REGISTRY']}/${IMAGE}`],
    clients: 20,
    changes: 10,
  }).catch((error: unknown) => {
    throw new Error(`${String(error)}\nNot answered by the engine: ${proxy.broken.join('\n')}`, {
      cause: error,
    });
  });
});

test('the credentials of a private registry survive scales, updates and rollbacks', async () => {
  const { call } = await aDashboard();
  const port = 5999;
  const registry = spawn(
    'nsenter',
    [
      `--net=/run/netns/${netnsOf('ctrl')}`,
      process.execPath,
      'tests/lab/private-registry.mjs',
      String(port),
      env['LAB_REGISTRY'] ?? '',
      'me:secret',
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  onTestFinished(() => void registry.kill());
  await once(registry.stdout, 'data');
  const counts = async () => {
    const { stdout } = await runCommand('nsenter', [
      `--net=/run/netns/${netnsOf('ctrl')}`,
      'curl',
      '-s',
      `http://127.0.0.1:${port}/counts`,
    ]);
    return JSON.parse(stdout) as { accepted: number; refused: number };
  };
  const image = `127.0.0.1:${port}/${IMAGE}`;
  const auth = { username: 'me', password: 'secret', serveraddress: `127.0.0.1:${port}` };
  const spec = {
    Name: 'private',
    TaskTemplate: {
      ContainerSpec: { Image: image },
      // The registry is there only.
      Placement: { Constraints: ['node.hostname==ctrl'] },
      RestartPolicy: { Condition: 'any', Delay: 300_000_000 },
    },
    Mode: { Replicated: { Replicas: 1 } },
  };
  await jsonOverSocket(socketPath, 'POST', '/services/create', spec, {
    // Go's decoder wants the padding.
    'X-Registry-Auth': Buffer.from(JSON.stringify(auth))
      .toString('base64')
      .replaceAll('+', '-')
      .replaceAll('/', '_'),
  });
  onTestFinished(async () => void (await docker('service', 'rm', 'private')));
  const running = async () => {
    const format = '{{.CurrentState}}';
    const list = await docker(
      'service',
      'ps',
      'private',
      '--filter',
      'desired-state=running',
      '--format',
      format,
    );
    return list.split('\n').filter((line) => line.startsWith('Running')).length;
  };
  const settled = async (count: number) => {
    try {
      await eventually(
        `${count} tasks run`,
        async () => ((await running()) === count ? true : undefined),
        30_000,
      );
    } catch (error) {
      const tasks = await docker('service', 'ps', 'private', '--no-trunc');
      throw new Error(`${JSON.stringify(await counts())}\n${tasks}`, { cause: error });
    }
  };
  await settled(1);

  for (const [method, path, body, tasks] of [
    ['POST', 'scale', { replicas: 2 }, 2],
    ['PATCH', '', { env: { A: 'b' } }, 2],
    ['POST', 'restart', undefined, 2],
    ['POST', 'rollback', undefined, 2],
    ['POST', 'rollback', undefined, 2],
  ] as const) {
    const before = await counts();
    const answer = await call(method, `/api/services/private${path && `/${path}`}`, body);
    expect([answer.status, answer.body]).toEqual([202, expect.anything()]);
    // Each new task asks the registry for the image, with the credentials in the spec.
    await eventually(`credentials after ${method} ${path}`, async () => {
      const { accepted } = await counts();
      return accepted > before.accepted ? true : undefined;
    });
    await settled(tasks);
  }
});

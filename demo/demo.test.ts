import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { demoStateSchema } from '@/lib/demo-control';
import { type RunningDemo, startDemo } from './demo';
import { requestOverSocket } from '@/tests/support/unix-socket';
import { DEMO_HAT } from './hat';

let folder: string;
let demo: RunningDemo;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'demo-'));
  demo = await startDemo({ socketPath: join(folder, 'd.sock'), seed: 3, speed: 50, replicas: 3 });
});

afterEach(async () => {
  await demo.close();
  rmSync(folder, { recursive: true, force: true });
});

const engine = (path: string) => requestOverSocket(join(folder, 'd.sock'), 'GET', path);
const control = (path: string, body?: unknown) =>
  requestOverSocket(demo.controlSocket, body === undefined ? 'GET' : 'POST', path, body);

function echo(node: number, path = '/Hello!', agent: Agent | false = false, port = 8888) {
  return new Promise<string>((done, fail) => {
    const host = demo.addresses[node] ?? '';
    get({ host, port, path, agent }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => done(text));
    }).on('error', fail);
  });
}

async function scale(replicas: number): Promise<void> {
  const { ID, Version, Spec } = JSON.parse((await engine('/services/goweb')).body);
  Spec.Mode.Replicated.Replicas = replicas;
  const path = `/services/${ID}/update?version=${Version.Index}`;
  await requestOverSocket(join(folder, 'd.sock'), 'POST', path, Spec);
}

/** The mesh opens its listeners shortly after the services are created. */
const listening = () => vi.waitFor(() => echo(0), 2000);
const container = (answer: string) => answer.split(' ')[2] ?? '';

describe('the routing mesh', () => {
  test('responds like the echo service, with the tasks in turn, in an order of each entry node', async () => {
    await listening();
    const answers: string[] = [];
    for (let i = 0; i < 30; i += 1) answers.push(await echo(1));
    for (const answer of answers) {
      expect(answer).toMatch(/^This is [0-9a-f]{12} running on linux\/arm saying: Hello!\n$/);
    }
    const counts = new Map<string, number>();
    for (const answer of answers) {
      counts.set(container(answer), (counts.get(container(answer)) ?? 0) + 1);
    }
    expect([...counts.values()]).toEqual([10, 10, 10]);
    expect(answers.slice(0, 3)).toEqual(answers.slice(3, 6));
  });

  test('keeps a persistent connection with its task', async () => {
    await listening();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const answers = new Set<string>();
    for (let i = 0; i < 6; i += 1) answers.add(await echo(2, '/', agent));
    agent.destroy();
    expect(answers.size).toBe(1);
  });

  test('a stopping task closes its persistent connections, other tasks keep theirs', async () => {
    await listening();
    const { body } = await engine('/tasks');
    const tasks: { Slot: number; Status: { ContainerStatus: { ContainerID: string } } }[] =
      JSON.parse(body);
    const leaving = tasks.find((task) => task.Slot === 3)?.Status.ContainerStatus.ContainerID;
    const agents = [0, 1, 2].map(() => new Agent({ keepAlive: true, maxSockets: 1 }));
    const before = await Promise.all(agents.map((agent) => echo(3, '/', agent)));
    await scale(2);
    await vi.waitFor(async () => {
      expect(JSON.parse((await engine('/tasks')).body)).toHaveLength(2);
    }, 2000);
    const after = await Promise.all(agents.map((agent) => echo(3, '/', agent)));
    for (const agent of agents) agent.destroy();
    const left = (answer: string) => leaving?.startsWith(container(answer));
    expect(before.filter(left)).toHaveLength(1);
    expect(before.map((answer, i) => answer === after[i])).toEqual(
      before.map((answer) => !left(answer)),
    );
  });

  /** Sends one request line exactly as written; returns the whole response. */
  const raw = async (line: string) => {
    const socket = connect(8888, demo.addresses[0]);
    socket.write(`${line} HTTP/1.1\r\nHost: ctrl:8888\r\nConnection: close\r\n\r\n`);
    let text = '';
    for await (const chunk of socket.setEncoding('utf8')) text += chunk;
    return text;
  };

  // The cases of echo_test.go.
  test.each([
    ["the seed's example", '/Hello!', 'Hello!'],
    ['nothing', '/', ''],
    ['slashes and dots as sent', '//a/../b', '/a/../b'],
    ['only dots', '/..', '..'],
    ['dots past the root', '/../../etc/passwd', '../../etc/passwd'],
    ['a trailing slash', '/a/b/', 'a/b/'],
    ['the query is not part of the path', '/Hello!?a=b', 'Hello!'],
    ['an encoded question mark is', '/why%3F', 'why?'],
    ['decoded as the seed does', '/Hello%20World%21', 'Hello World!'],
    ['an encoded slash', '/a%2fb', 'a/b'],
    ['a plus is a plus', '/a+b', 'a+b'],
    ['encoded UTF-8', '/Gr%C3%BC%C3%9Fe', 'Grüße'],
    ['raw UTF-8', '/Grüße', 'Grüße'],
    ['markup is text', '/<b>&amp;</b>', '<b>&amp;</b>'],
    ['a line break stays encoded', '/a%0D%0AThis%20is%20zero9', 'a%0D%0AThis%20is%20zero9'],
    ["a terminal's escape stays encoded", '/%1b[31mred', '%1b[31mred'],
    ['a null stays encoded', '/%00', '%00'],
    ['a line separator stays encoded', '/a%E2%80%A8b', 'a%E2%80%A8b'],
    ['a raw one is encoded', '/a\u2028b', 'a%E2%80%A8b'],
    ['what is not UTF-8 stays encoded', '/%ff%fe', '%ff%fe'],
    ["a proxy's form", 'http://ctrl:8888/Hello!', 'Hello!'],
    ["a proxy's form without a path", 'http://ctrl:8888', ''],
    ['long', `/${'x'.repeat(8000)}`, 'x'.repeat(8000)],
  ])('echoes the path: %s', async (_, target, words) => {
    await listening();
    expect(await raw(`GET ${target}`)).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect((await raw(`GET ${target}`)).split(' saying: ')[1]).toBe(`${words}\n`);
  });

  test.each([
    ['a broken escape', '/%zz', 400],
    ['a space', '/a b', 400],
    ['a request line past the bound', `/${'x'.repeat(16 << 10)}`, 431],
  ])('rejects %s', async (_, target, status) => {
    await listening();
    expect(await raw(`GET ${target}`)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  });

  test('requests do not use the random numbers of the swarm', async () => {
    await listening();
    const next = vi.spyOn(demo.swarm.random, 'next');
    await echo(0);
    expect(next).not.toHaveBeenCalled();
  });

  test('reports a port in use and opens it once it is free', async () => {
    await listening();
    const other = createServer().listen(8890, demo.addresses[1]);
    await once(other, 'listening');
    const Spec = {
      Name: 'late',
      TaskTemplate: { ContainerSpec: { Image: 'carmeloc/goweb:1.0' } },
      EndpointSpec: { Ports: [{ TargetPort: 8080, PublishedPort: 8890 }] },
    };
    await requestOverSocket(join(folder, 'd.sock'), 'POST', '/services/create', Spec);
    const refused = async () => JSON.parse((await control('/')).body).refusedPorts;
    await vi.waitFor(
      async () => expect(await refused()).toEqual({ [`${demo.addresses[1]}:8890`]: 'EADDRINUSE' }),
      2000,
    );
    other.close();
    await vi.waitFor(() => echo(1, '/', false, 8890), 2000);
    expect(await refused()).toEqual({});
  });

  test('a port in host mode leads to the tasks of its own node', async () => {
    await listening();
    const Spec = {
      Name: 'own',
      Mode: { Global: {} },
      TaskTemplate: { ContainerSpec: { Image: 'carmeloc/goweb:1.0' } },
      EndpointSpec: { Ports: [{ TargetPort: 8080, PublishedPort: 8889, PublishMode: 'host' }] },
    };
    await requestOverSocket(join(folder, 'd.sock'), 'POST', '/services/create', Spec);
    const all = () => Promise.all(demo.addresses.map((_, i) => echo(i, '/', false, 8889)));
    const answers = await vi.waitFor(all, 2000);
    expect(new Set(answers.map(container)).size).toBe(5);
    expect(await all()).toEqual(answers);
  });

  interface ListedTask {
    NodeID: string;
    Status: {
      State: string;
      ContainerStatus: { ContainerID: string };
      PortStatus: { Ports: { PublishedPort: number }[] };
    };
  }

  test('a port in host mode that the engine chose leads to one task, while that runs', async () => {
    await listening();
    const Spec = {
      Name: 'own',
      Mode: { Replicated: { Replicas: 8 } },
      TaskTemplate: { ContainerSpec: { Image: 'carmeloc/goweb:1.0' } },
      EndpointSpec: { Ports: [{ TargetPort: 8080, PublishMode: 'host' }] },
    };
    await requestOverSocket(join(folder, 'd.sock'), 'POST', '/services/create', Spec);
    const addresses = new Map<string, string | undefined>(
      JSON.parse((await engine('/nodes')).body).map(
        (node: { ID: string; Description: { Hostname: string } }) => [
          node.ID,
          demo.addresses[DEMO_HAT.findIndex(({ name }) => name === node.Description.Hostname)],
        ],
      ),
    );
    const tasks = await vi.waitFor(async () => {
      const filters = encodeURIComponent(JSON.stringify({ service: ['own'] }));
      const listed: ListedTask[] = JSON.parse((await engine(`/tasks?filters=${filters}`)).body);
      const running = listed.filter(({ Status }) => Status.State === 'running');
      expect(running).toHaveLength(8);
      return running;
    }, 5000);
    const answerOf = async ({ NodeID, Status }: ListedTask) => {
      const node = demo.addresses.indexOf(addresses.get(NodeID) ?? '');
      const [port] = Status.PortStatus.Ports;
      return container(await echo(node, '/', false, port?.PublishedPort));
    };
    const answers = await vi.waitFor(() => Promise.all(tasks.map(answerOf)), 2000);
    expect(answers).toEqual(
      tasks.map(({ Status }) => Status.ContainerStatus.ContainerID.slice(0, 12)),
    );
    await requestOverSocket(join(folder, 'd.sock'), 'DELETE', '/services/own');
    for (const task of tasks) {
      await vi.waitFor(
        () => expect(answerOf(task)).rejects.toMatchObject({ code: 'ECONNREFUSED' }),
        3000,
      );
    }
  });

  test('refuses connections when no task is left', async () => {
    await listening();
    await scale(0);
    await vi.waitFor(() => expect(echo(0)).rejects.toMatchObject({ code: 'ECONNREFUSED' }), 2000);
  });
});

describe('faults', () => {
  const running = async () => {
    const { body } = await engine('/tasks');
    const tasks: { NodeID: string; DesiredState: string; Status: { State: string } }[] =
      JSON.parse(body);
    return tasks.filter((one) => one.Status.State === 'running' && one.DesiredState === 'running');
  };
  const zero2 = async () => JSON.parse((await engine('/nodes/zero2')).body);

  test('a Zero without power goes down, its tasks run elsewhere, and it returns', async () => {
    await control('/node', { node: 'zero2', power: false });
    const { ID } = await vi.waitFor(async () => {
      const node = await zero2();
      expect(node.Status.State).toBe('down');
      return node;
    }, 5000);
    await vi.waitFor(async () => {
      const tasks = await running();
      expect(tasks).toHaveLength(3);
      expect(tasks.map((task) => task.NodeID)).not.toContain(ID);
    }, 5000);
    const state = JSON.parse((await control('/')).body);
    expect(state.calm).toBe(false);
    expect((await control('/task', { kill: 'goweb.2' })).status).toBe(200);
    expect(JSON.parse((await control('/reset', {})).body).calm).toBe(true);
    // At once, unlike after power-on.
    expect((await zero2()).Status.State).toBe('ready');
  });

  test('a removed node accepts no connections, and a reset lets it join again', async () => {
    await vi.waitFor(() => echo(4), 2000);
    await requestOverSocket(join(folder, 'd.sock'), 'DELETE', '/nodes/zero4?force=1');
    await vi.waitFor(() => expect(echo(4)).rejects.toMatchObject({ code: 'ECONNREFUSED' }), 2000);
    expect(JSON.parse((await control('/')).body).calm).toBe(false);
    const { calm, nodes } = JSON.parse((await control('/reset', {})).body);
    expect(calm).toBe(true);
    expect(nodes.map(({ name }: { name: string }) => name)).toEqual(
      DEMO_HAT.map(({ name }) => name),
    );
    await vi.waitFor(() => echo(4), 2000);
  });

  test('sends every third connection to an unreachable node until the mesh excludes it', async () => {
    await listening();
    const slow = await startDemo({
      socketPath: join(folder, 'slow.sock'),
      seed: 3,
      speed: 1,
      replicas: 3,
    });
    const ask = () =>
      new Promise<boolean>((done) => {
        const call = get({ host: slow.addresses[0], port: 8888, agent: false, timeout: 150 });
        call.on('response', (response) => response.resume().on('end', () => done(true)));
        call.on('timeout', () => call.destroy()).on('error', () => done(false));
      });
    await vi.waitFor(async () => expect(await ask()).toBe(true), 2000);
    await requestOverSocket(slow.controlSocket, 'POST', '/node', { node: 'zero2', power: false });
    const answered: boolean[] = [];
    for (let i = 0; i < 6; i += 1) answered.push(await ask());
    await slow.close();
    expect(answered.filter((one) => !one)).toHaveLength(2);
  });

  test('the control endpoint responds while the engine is stopped, and starts it again', async () => {
    expect(JSON.parse((await control('/engine', { running: false })).body).engine.running).toBe(
      false,
    );
    await expect(engine('/_ping')).rejects.toMatchObject({ code: 'ENOENT' });
    await control('/engine', { running: true });
    expect(await engine('/_ping')).toMatchObject({ status: 200, body: 'OK' });
  });

  test.each([
    ['error-500', { status: 500 }],
    ['error-503', { status: 503 }],
  ])('responds with %s', async (answer, expected) => {
    await control('/engine', { answer });
    expect(await engine('/nodes')).toMatchObject(expected);
  });

  test('sends half of the JSON, then closes the connection', async () => {
    await control('/engine', { answer: 'half-json' });
    await expect(engine('/nodes')).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  test.each([
    ['worker', 503, /^This node is not a swarm manager\. Worker nodes can't/, 'active'],
    ['no-swarm', 503, /Use "docker swarm init" or "docker swarm join"/, 'inactive'],
    ['locked', 503, /^Swarm is encrypted and needs to be unlocked/, 'locked'],
    ['no-quorum', 500, /The swarm does not have a leader/, 'active'],
  ])(
    'with role %s it rejects requests about the swarm and reports its state in /info',
    async (role, status, message, state) => {
      await control('/engine', { role });
      const refusal = await engine('/tasks');
      expect(refusal.status).toBe(status);
      expect(JSON.parse(refusal.body).message).toMatch(message);
      expect(JSON.parse((await engine('/info')).body).Swarm.LocalNodeState).toBe(state);
    },
  );

  test('a killed task fails with 137', async () => {
    expect((await control('/task', { kill: 'goweb.2' })).status).toBe(200);
    await vi.waitFor(async () => {
      expect((await engine('/tasks')).body).toContain('"task: non-zero exit (137)"');
    }, 2000);
    expect((await control('/task', { kill: 'goweb.99' })).status).toBe(404);
  });

  test('cuts event streams', async () => {
    const broken = engine('/events');
    broken.catch(() => {});
    await vi.waitFor(async () => {
      await control('/engine', { cutEvents: true });
      await expect(Promise.race([broken, Promise.resolve('open')])).rejects.toThrow('aborted');
    }, 2000);
  });

  test.each([
    ['/engine', { latencyMs: 0 }],
    ['/reset', {}],
  ])('sends delayed responses at once when the delay ends: %s', async (path, body) => {
    await control('/engine', { latencyMs: 60_000 });
    const delayed = engine('/_ping');
    let answered = false;
    void delayed.then(() => (answered = true));
    await vi.waitFor(async () => {
      await control(path, body);
      expect(answered).toBe(true);
    }, 2000);
  });

  test('its state matches the schema exactly', async () => {
    await control('/image', { image: 'nginx', pull: true, exit: { code: 1 } });
    await control('/node', { node: 'zero1', clockSkewMs: 60_000 });
    const state = JSON.parse((await control('/')).body);
    expect(demoStateSchema.parse(state)).toEqual(state);
  });

  test('delays a response in real time, regardless of the speed', async () => {
    await control('/engine', { latencyMs: 300 });
    const began = performance.now();
    await engine('/_ping');
    expect(performance.now() - began).toBeGreaterThan(290);
  });

  test('filters events by label, image and unused types', async () => {
    await control('/task', { kill: 'goweb.1' });
    const seenTypes = async (filters: Record<string, string[]>) => {
      const query = encodeURIComponent(JSON.stringify(filters));
      const until = Date.now() / 1000;
      const { body } = await engine(`/events?since=0&until=${until}&filters=${query}`);
      return new Set(body.split('\n').map((line) => line && JSON.parse(line).Type));
    };
    await vi.waitFor(async () => {
      expect(await seenTypes({})).toEqual(new Set(['node', 'service', 'container', '']));
    }, 2000);
    const container = new Set(['container', '']);
    expect(await seenTypes({ label: ['com.docker.swarm.service.name=goweb'] })).toEqual(container);
    expect(await seenTypes({ image: ['carmeloc/goweb'] })).toEqual(container);
    expect(await seenTypes({ image: ['nginx'] })).toEqual(new Set(['']));
    expect(await seenTypes({ volume: ['any'] })).toEqual(new Set(['']));
  });

  test('a fill creates 500 nodes and 5000 tasks, and a reset removes them', async () => {
    await control('/fill', { nodes: 500, tasks: 5000 });
    expect(JSON.parse((await engine('/nodes')).body)).toHaveLength(500);
    expect(JSON.parse((await engine('/tasks')).body)).toHaveLength(5000);
    await control('/reset', {});
    expect(JSON.parse((await engine('/nodes')).body)).toHaveLength(5);
    expect(JSON.parse((await engine('/tasks')).body)).toHaveLength(3);
  }, 20_000);

  test.each([
    ['/node', {}],
    ['/node', { node: 'zero9', power: false }],
    ['/engine', { answer: 'odd' }],
    ['/engine', { latencyMs: -1 }],
    ['/fill', { nodes: 1e9, tasks: 1 }],
    ['/nosuch', {}],
  ])('rejects %s %j', async (path, body) => {
    expect((await control(path, body)).status).toBeGreaterThanOrEqual(400);
    expect(JSON.parse((await control('/')).body).calm).toBe(true);
  });
});

test('two demos on one machine get different addresses', async () => {
  const other = await startDemo({
    socketPath: join(folder, 'other.sock'),
    seed: 3,
    speed: 1,
    replicas: 0,
  });
  expect(other.addresses[0]).not.toBe(demo.addresses[0]);
  await other.close();
});

test('replaces a stale socket, but not one in use', async () => {
  const options = { socketPath: join(folder, 'd.sock'), seed: 1, speed: 1, replicas: 0 };
  await expect(startDemo(options)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  expect(await engine('/_ping')).toMatchObject({ status: 200, body: 'OK' });
});

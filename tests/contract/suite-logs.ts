import { Agent, get, request, type IncomingMessage } from 'node:http';
import { setTimeout as later } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { dockerEngine } from '@/lib/engine/docker-engine';
import type { LogOptions } from '@/lib/engine/logs';
import type { EngineTask } from '@/lib/swarm/engine-json';
import type { LogEntry, LogLine } from '@/lib/swarm/logs/lines';
import type { LogTarget } from '@/lib/swarm/logs/target';
import { type Client, type TestEngine, until } from './engines';
import { createService, untilRunning } from './service-helpers';

const WITH_ALL = 'stdout=1&stderr=1&timestamps=1&details=1';
const WHOLE: LogOptions = { follow: false, tail: null, since: null };
/** Fails at once, with the reason in its log. */
const FAILS = { ContainerSpec: { Image: 'carmeloc/goweb:1.0', Args: ['-nosuch'] } };
const REASON = 'flag provided but not defined: -nosuch';
const PORT = { Protocol: 'tcp', TargetPort: 8080, PublishMode: 'ingress' };
const PUBLISHED = { EndpointSpec: { Mode: 'vip', Ports: [PORT] } };

/** A service's log as the engine sends it, and as the dashboard reads it. */
export function logs(engine: () => TestEngine): void {
  const client = (): Client => engine().client;
  const dashboard = () => dockerEngine({ kind: 'unix', socketPath: engine().socketPath });

  const lines = async (
    id: string,
    options: Partial<LogOptions> = {},
    kind: LogTarget['kind'] = 'service',
  ) => {
    const signal = AbortSignal.timeout(60_000);
    const found: LogEntry[] = [];
    for await (const piece of dashboard().logs({ kind, id }, { ...WHOLE, ...options }, signal)) {
      found.push(...piece);
    }
    expect(found.filter((entry) => entry.kind === 'failure')).toEqual([]);
    return found as LogLine[];
  };
  const texts = async (...args: Parameters<typeof lines>) =>
    (await lines(...args)).map(({ text }) => text);

  /** Sends one request to the service's port at the manager; returns the container that answered. */
  const ask = async (port: number, path: string, id: string): Promise<string> => {
    const nodes = await client().nodes();
    const address = nodes.find((node) => node.ManagerStatus)?.ManagerStatus?.Addr ?? '';
    const host = address.replace(/:\d+$/, '');
    const response = await new Promise<IncomingMessage>((done, fail) => {
      const headers = { 'x-request-id': id };
      get({ host, port, path, headers, agent: false }, done).on('error', fail);
    });
    const body = (await response.setEncoding('utf8').toArray()).join('');
    return body.split(' ')[2] ?? '';
  };
  const portOf = async (name: string) =>
    (await client().service(name)).Endpoint?.Ports?.[0]?.PublishedPort ?? 0;
  const reachable = (port: number) =>
    until(() => ask(port, '/', 'first').catch(() => null), `port ${port} is open`);

  describe('logs', () => {
    test('a line of each request, of its task and node, with the request’s id', async (context) => {
      const name = await createService(context, client(), 'log', { replicas: 2, ...PUBLISHED });
      const tasks = await untilRunning(client(), name, 2);
      const port = await portOf(name);
      await reachable(port);
      const answered = new Map<string, string>();
      for (const id of ['a-1', 'a-2', 'a-3', 'a-4']) {
        answered.set(id, await ask(port, `/Hello!?secret`, id));
      }
      const found = await until(async () => {
        const all = await lines(name);
        const own = all.filter(({ text }) => text.includes(' id=a-'));
        return own.length >= 4 && own;
      }, 'every line');
      expect(found).toHaveLength(4);
      for (const { text, taskId, nodeId, stream, time } of found) {
        const [, id = ''] = /^GET \/Hello! 200 id=(a-\d) from=[\d.]+$/.exec(text) ?? [];
        const task = tasks.find((one) => isOf(one, answered.get(id) ?? 'none'));
        expect({ taskId, nodeId, stream }).toEqual({
          taskId: task?.ID,
          nodeId: task?.NodeID,
          stream: 'stdout',
        });
        expect(Math.abs(Date.parse(time) - Date.now())).toBeLessThan(120_000);
        expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/);
      }
      // Both streams, one of them, one task.
      const raw = async (query: string) =>
        (await client().send('GET', `/services/${name}/logs?${query}`)).body;
      expect(await raw('stdout=1')).not.toContain('listens on');
      expect(await raw('stderr=1')).not.toContain('GET /');
      expect(await raw('stderr=1')).toMatch(/echo-server: [0-9a-f]{12} listens on \[::\]:8080\n/);
      const [first] = tasks;
      const ofTask = (await lines(first?.ID ?? '', {}, 'task')).map(({ taskId }) => taskId);
      expect(new Set(ofTask)).toEqual(new Set([first?.ID]));
    });

    test('tail counts for each task, those that have failed included', async (context) => {
      // It fails twice and is left alone then: swarm deletes old tasks, with their lines, when new ones come.
      const policy = { Condition: 'any', Delay: 300_000_000, MaxAttempts: 1 };
      const task = { ...FAILS, RestartPolicy: policy };
      const name = await createService(context, client(), 'logtail', { task });
      const tasks = await until(async () => {
        const all = await client().tasks(name);
        const failed = all.filter(({ Status }) => Status.State === 'failed');
        return failed.length === 2 && failed;
      }, 'two have failed');
      const ids = new Set(tasks.map(({ ID }) => ID));
      const own = (all: LogLine[]) => all.filter(({ taskId }) => ids.has(taskId));
      const all = await lines(name);
      expect(all.filter(({ text }) => text === REASON)).toHaveLength(2);
      expect(own(await lines(name, { tail: 2 }))).toHaveLength(4);
      expect(await lines(name, { tail: 0 })).toEqual([]);
      const [second] = own(all).filter(({ text }) => text.startsWith('Usage'));
      const ofOne = (found: LogLine[]) => found.filter(({ taskId }) => taskId === second?.taskId);
      const since = ofOne(await lines(name, { since: second?.time ?? '' }));
      // Its own time is included.
      expect(since[0]).toEqual(second);
      expect(since.length).toBe(ofOne(all).length - 1);
    });

    test('a followed log has new lines and new tasks, and does not end with its service', async (context) => {
      const name = await createService(context, client(), 'logfollow', PUBLISHED);
      await untilRunning(client(), name, 1);
      const { ID } = await client().service(name);
      const ends = new AbortController();
      context.onTestFinished(() => ends.abort());
      const seen: LogEntry[] = [];
      let open = false;
      let over = false;
      const target = { kind: 'service', id: ID } as const;
      const options = { ...WHOLE, follow: true, tail: 0 };
      const reading = (async () => {
        const pieces = dashboard().logs(target, options, ends.signal, () => (open = true));
        for await (const piece of pieces) seen.push(...piece);
        over = true;
      })();
      await until(() => open, 'open');
      // Engines subscribe to their nodes a moment later.
      await later(1000);
      expect(seen).toEqual([]);
      const port = await portOf(name);
      await reachable(port);
      await ask(port, '/new', 'new-1');
      const has = (text: string) => seen.some((entry) => entry.text.includes(text));
      await until(() => has('id=new-1'), 'the line of the request');
      await client().update('services', name, (spec) => {
        spec['Mode'] = { Replicated: { Replicas: 2 } };
      });
      await untilRunning(client(), name, 2);
      await until(() => has('listens on'), 'a line of the new task');
      await client().call('DELETE', `/services/${name}`);
      await until(() => has('stopping:'), 'the last words');
      await later(1500);
      expect(over).toBe(false);
      ends.abort();
      await reading;
      const { status } = await client().send('GET', `/services/${ID}/logs?stdout=1`);
      expect(status).toBe(404);
    });

    test('of a service without tasks, or whose driver keeps nothing, it is empty', async (context) => {
      const idle = await createService(context, client(), 'logidle', { replicas: 0 });
      const none = await createService(context, client(), 'lognone', {
        task: { LogDriver: { Name: 'none' } },
      });
      await untilRunning(client(), none, 1);
      for (const name of [idle, none]) expect(await texts(name)).toEqual([]);
    });

    test('with a terminal it has lines without frames', async (context) => {
      const name = await createService(context, client(), 'logtty', {
        task: { ContainerSpec: { Image: 'carmeloc/goweb:1.0', TTY: true } },
      });
      await untilRunning(client(), name, 1);
      await until(async () => (await texts(name)).length > 0, 'a line');
      const { body } = await client().send('GET', `/services/${name}/logs?${WITH_ALL}`);
      expect(body).toMatch(
        /^\d{4}-\S{24}Z com\.docker\.swarm\.node\.id=\w{25},com\.docker\.swarm\.service\.id=\w{25},com\.docker\.swarm\.task\.id=\w{25} echo-server: \S+ listens on \[::\]:8080\r\n$/,
      );
      expect(await texts(name)).toEqual([expect.stringMatching(/listens on \[::\]:8080$/)]);
    });

    test('its type is the engine’s', async (context) => {
      const name = await createService(context, client(), 'logtype', { replicas: 0 });
      const type = await new Promise((done, fail) => {
        const agent = new Agent();
        const path = `/services/${name}/logs?stdout=1`;
        request({ socketPath: engine().socketPath, path, agent }, (response) => {
          response.resume();
          done(response.headers['content-type']);
        })
          .on('error', fail)
          .end();
      });
      const isNew = engine().version.atLeast('1.42');
      expect(type).toBe(isNew ? 'application/vnd.docker.multiplexed-stream' : undefined);
    });

    test.for([
      ['no stream', '', 500, 'Bad parameters: you must choose at least one stream'],
      [
        'words for a number',
        'stdout=1&tail=x',
        500,
        'tail value must be a positive integer or "all"',
      ],
      ['less than nothing', 'stdout=1&tail=-1', 500, 'negative tail values not supported'],
      [
        'no time',
        'stdout=1&since=x',
        500,
        'could not parse since timestamp: strconv.ParseInt: parsing "x": invalid syntax',
      ],
    ] as const)('refuses %s', async ([, query, status, message], context) => {
      const name = await createService(context, client(), 'logbad', { replicas: 0 });
      expect(await client().call('GET', `/services/${name}/logs?${query}`)).toEqual({
        status,
        body: { message },
      });
    });

    test.for([
      ['services', 'service nosuch not found'],
      ['tasks', 'task nosuch not found'],
    ] as const)('knows no other of the %s', async ([kind, message]) => {
      expect(await client().call('GET', `/${kind}/nosuch/logs?stdout=1`)).toEqual({
        status: 404,
        body: { message },
      });
    });
  });
}

function isOf({ Status }: EngineTask, hostname: string): boolean {
  return Status.ContainerStatus?.ContainerID?.startsWith(hostname) === true;
}

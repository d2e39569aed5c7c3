import { execFile } from 'node:child_process';
import { promisify, stripVTControlCharacters } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
import { buildView, NO_MEMORY } from '@/lib/swarm/build-view';
import { clientNamesService } from '@/lib/swarm/convergence';
import { COLUMNS, nodeRows, serviceRows, taskRows } from '@/lib/swarm/cli';
import { resolvedImage } from '@/lib/swarm/image-lookup';
import { createCommand, updateCommand } from '@/lib/swarm/spec/commands';
import {
  createServiceSchema,
  patchServiceSchema,
  type CreateService,
  type PatchService,
} from '@/lib/swarm/spec/form';
import { taggedImage } from '@/lib/swarm/spec/image-reference';
import { parseLossless, withNumbers } from '@/lib/swarm/lossless-json';
import { inspectNodePretty } from '@/lib/swarm/spec/inspect-node-pretty';
import { inspectPretty, networkIds } from '@/lib/swarm/spec/inspect-pretty';
import type { RawSpec } from '@/lib/swarm/spec/raw-spec';
import { patchSpec } from '@/lib/swarm/spec/patch-spec';
import { specOf } from '@/lib/swarm/spec/spec-of';
import { dockerEngine } from '@/lib/engine/docker-engine';
import { snapshotOf, VIEW_OPTIONS } from './dashboard-view';
import { CLIENTS, docker as onEngine, NO_CLIENT } from './docker-client';
import { type Client, IMAGE, NO_IMAGE, serviceName, type TestEngine, until } from './engines';
import { createService, running, untilRunning } from './service-helpers';

/** The phrases of a progress display, without terminal codes, empty rows and repeated lines. */
function phrases(output: string): string[] {
  const lines = output
    .split(/[\r\n]+/)
    .map((line) => stripVTControlCharacters(line).trim())
    .filter((line) => /^(overall progress|rollback|verify)/.test(line));
  return lines.filter((line, i) => line !== lines[i - 1]);
}

const run = promisify(execFile);

/** Forms without a fixed port, and one change after the other. Each environment has one variable: the client's order is random. */
const CREATED: readonly (readonly [string, Omit<CreateService, 'name'>, PatchService[]])[] = [
  [
    'a replicated service',
    {
      image: NO_IMAGE,
      replicas: 1,
      ports: [{ target: 8080 }, { target: 81, mode: 'host', protocol: 'udp' }],
      env: { COLOR: "it's $HOME" },
      constraints: ['node.role==worker'],
      preferences: ['spread=node.labels.zone'],
      labels: { tier: 'front' },
      containerLabels: { 'a.b': '' },
      maxPerNode: 2,
      limits: { cpus: 0.5, memory: '64M', pids: 20 },
      reservations: { cpus: 0.01, memory: '8M' },
      update: { parallelism: 0, delay: '1s', failureAction: 'continue', maxFailureRatio: 0.25 },
      rollback: { order: 'start-first', monitor: '1s' },
      restart: { condition: 'on-failure', delay: '2s', maxAttempts: 3, window: '1m' },
      hostname: '{{.Node.Hostname}}',
      stopGracePeriod: '2s',
      args: ['-x', 'a b'],
    },
    [
      { image: IMAGE, labels: { tier: null, more: 'x' } },
      { env: { COLOR: 'red' }, constraints: { remove: ['node.role==worker'] } },
      { replicas: 2 },
      { limits: { memory: '0' }, update: { order: 'start-first' }, args: [], hostname: '' },
      { ports: { remove: [{ target: 8080 }], add: [{ target: 8082, mode: 'host' }] } },
    ],
  ],
  ['a bare service', { image: 'clusterhat/nosuch' }, [{ restart: { delay: '7s' } }]],
  ['a global service', { image: NO_IMAGE, mode: 'global' }, [{ env: { A: '' } }]],
  [
    'a replicated job',
    { image: IMAGE, mode: 'replicated-job', replicas: 2, maxConcurrent: 1, args: ['-help'] },
    [{ replicas: 3 }, { env: { A: 'b' } }],
  ],
  ['a global job', { image: IMAGE, mode: 'global-job', args: ['-help'] }, []],
];

const WAIT = { timeout: 60_000, interval: 300 };
const ALL_AT_ONCE = { Parallelism: 0, Monitor: 100_000_000 };

/** The rows of a table of docker's client, its header first: its columns begin where their titles do. */
function cells(table: string): string[][] {
  const rows = table.trimEnd().split('\n');
  const starts = [...(rows[0] ?? '').matchAll(/\S+( \S+)*/g)].map(({ index }) => index);
  return rows.map((row) =>
    starts.map((start, at) =>
      Array.from(row)
        .slice(start, starts[at + 1])
        .join('')
        .trimEnd(),
    ),
  );
}

/** Expects fewer running tasks before more, then the countdown of the monitor window. */
function expectOrder(shown: readonly string[]): void {
  const numbers = (pattern: RegExp) =>
    shown.flatMap((phrase) => {
      const match = pattern.exec(phrase);
      return match ? [Number(match[1])] : [];
    });
  const counts = numbers(/^overall progress: (\d) out of 3 tasks$/);
  expect(counts).toEqual([...counts].sort((a, b) => a - b));
  const seconds = numbers(/^verify: Waiting (\d) seconds?/);
  expect(seconds).toEqual([...seconds].sort((a, b) => b - a));
  const first = shown.findIndex((phrase) => phrase.startsWith('verify'));
  expect(first).toBeGreaterThan(shown.indexOf('overall progress: 3 out of 3 tasks'));
}

const CONVERGED = /^verify: Service (\S+ )?converged$/;
const SECONDS = /^verify: Waiting \d seconds/;

/**
 * Expects the dashboard to show all phrases of a client. Which intermediate numbers each of the two sees depends on
 * when it polls.
 */
function expectSame(ours: readonly string[], theirs: readonly string[]): void {
  const last = (phrase: string) => phrase.replace(CONVERGED, 'verify: Service converged');
  const known = ours.map(last);
  for (const phrase of theirs) {
    if (/: [012] out of 3 tasks$/.test(phrase) || SECONDS.test(phrase)) continue;
    expect(known).toContain(last(phrase));
  }
}

/** The real docker client on the engine, and its phrases compared with the dashboard's. */
export function cli(engine: () => TestEngine): void {
  const client = (): Client => engine().client;
  const docker = (binary: string, ...args: string[]) => onEngine(engine(), binary, ...args);

  describe.skipIf(NO_CLIENT).each(CLIENTS)('%s', (binary) => {
    test('service ls counts the completions of a job', async (context) => {
      const name = await createService(context, client(), 'clijob', {
        job: { ReplicatedJob: { MaxConcurrent: 2, TotalCompletions: 2 } },
        task: { ContainerSpec: { Image: IMAGE, Args: ['-help'] } },
      });
      const line = await until(async () => {
        const format = '{{.Mode}}: {{.Replicas}}';
        const args = ['service', 'ls', '--filter', `name=${name}`, '--format', format];
        const { stdout } = await docker(binary, ...args);
        return stdout.includes('(2/2') && stdout.trim();
      }, 'both tasks complete');
      expect(line).toBe('replicated job: 0/2 (2/2 completed)');
    });

    test('service ls, service ps and node ls print the cells of the dashboard’s tables', async (context) => {
      const first = 31_000 + Math.floor(Math.random() * 700);
      const ports = [0, 1, 2].map((at) => ({
        Protocol: 'tcp',
        TargetPort: 8080 + Math.min(at, 1),
        PublishedPort: first + at,
        PublishMode: 'ingress',
      }));
      const names = [
        await createService(context, client(), 'cells', {
          replicas: 2,
          task: {
            ContainerSpec: { Image: `docker.io/${IMAGE}`, StopGracePeriod: 1_000_000_000 },
            Placement: { MaxReplicas: 2, Constraints: ['node.role==worker'] },
          },
          EndpointSpec: { Mode: 'vip', Ports: ports },
          UpdateConfig: ALL_AT_ONCE,
        }),
        await createService(context, client(), 'cellsglobal', {
          global: true,
          task: { ContainerSpec: { Image: IMAGE, StopGracePeriod: 1_000_000_000 } },
          UpdateConfig: ALL_AT_ONCE,
        }),
        await createService(context, client(), 'cellsjob', {
          job: { ReplicatedJob: { MaxConcurrent: 2, TotalCompletions: 3 } },
          task: { ContainerSpec: { Image: IMAGE, Args: ['-help'] } },
        }),
        await createService(context, client(), 'cellsglobaljob', {
          job: { GlobalJob: {} },
          task: { ContainerSpec: { Image: IMAGE, Args: ['-help'] } },
        }),
        await createService(context, client(), 'cellsbad', {
          image: NO_IMAGE,
          task: {
            ContainerSpec: { Image: NO_IMAGE },
            RestartPolicy: { Condition: 'none', Delay: 300_000_000, MaxAttempts: 0 },
          },
        }),
      ];
      // So that each slot has an earlier task.
      const [replicated = '', onEachNode = ''] = names;
      for (const name of [replicated, onEachNode]) {
        await untilRunning(client(), name, name === replicated ? 2 : 5);
        await docker(binary, 'service', 'update', '--detach', '--force', name);
        await until(
          async () => (await client().service(name)).UpdateStatus?.State === 'completed',
          `${name} is updated`,
          120_000,
        );
      }
      await until(async () => {
        const { tasks } = await snapshotOf(engine());
        return tasks
          .filter(({ ServiceID }) => ServiceID !== '')
          .every(({ Status }) => !['new', 'pending', 'preparing'].includes(Status.State));
      }, 'all tasks have started or ended');
      // What changes by itself is compared again: ages, and tasks of other tests.
      await vi.waitFor(async () => {
        const snapshot = await snapshotOf(engine());
        const { view } = buildView(snapshot, VIEW_OPTIONS, NO_MEMORY, Date.now());
        const ours: Record<string, string[][]> = {};
        const theirs: Record<string, string[][]> = {};
        const header = ([title]: string[], name = '') => title === 'ID' || names.includes(name);
        theirs['node ls'] = cells((await docker(binary, 'node', 'ls')).stdout);
        ours['node ls'] = [
          [...COLUMNS['node ls']],
          ...nodeRows(view).map((row) => [
            row.here ? `${row.id} *` : row.id,
            row.hostname,
            row.status,
            row.availability,
            row.managerStatus,
            row.engineVersion,
          ]),
        ];
        theirs['service ls'] = cells((await docker(binary, 'service', 'ls')).stdout).filter((row) =>
          header(row, row[1]),
        );
        ours['service ls'] = [
          [...COLUMNS['service ls']],
          ...serviceRows(view)
            .filter(({ name }) => names.includes(name))
            .map((row) => [row.id, row.name, row.mode, row.replicas, row.image, row.ports]),
        ];
        for (const service of view.services.filter(({ name }) => names.includes(name))) {
          const command = `service ps ${service.name}`;
          theirs[command] = cells((await docker(binary, 'service', 'ps', service.name)).stdout);
          const own = { ...view, tasks: view.tasks.filter((one) => one.serviceId === service.id) };
          ours[command] = [
            [...COLUMNS['service ps']],
            ...taskRows(own, Date.now()).map((row) => [
              row.id,
              row.name,
              row.image,
              row.node,
              row.desired,
              row.current,
              row.error,
              row.ports,
            ]),
          ];
        }
        expect(ours).toEqual(theirs);
      }, WAIT);
    });

    test.each(CREATED)(
      'the command to create %s makes the spec that the dashboard makes, and so do commands to update it',
      async (_, input, changes) => {
        const [theirs, ours] = [serviceName('cmd'), serviceName('own')];
        const dashboard = dockerEngine({ kind: 'unix', socketPath: engine().socketPath });
        const shell = (command: string) =>
          run('sh', ['-c', `docker() { "$DOCKER_BIN" "$@"; }; ${command}`], {
            env: {
              ...process.env,
              DOCKER_BIN: binary,
              DOCKER_HOST: `unix://${engine().socketPath}`,
            },
          });
        const detached = (command: string) =>
          command.replace(/^docker service (create|update|scale) /, '$&--detach ');
        const sameSpecs = async () => {
          const [a, b] = await Promise.all([theirs, ours].map((name) => client().service(name)));
          const spec = ({ Spec }: NonNullable<typeof a>) => ({ ...Spec, Name: '' });
          expect(b && spec(b)).toEqual(a && spec(a));
        };
        try {
          const form = createServiceSchema(99).parse({ ...input, name: ours });
          const image = await dashboard.distribution(taggedImage(form.image));
          await dashboard.createService(specOf(form, resolvedImage(image)));
          await shell(detached(createCommand({ ...form, name: theirs })));
          await sameSpecs();
          for (const change of changes) {
            const patch = patchServiceSchema(99).parse(change);
            const resolved =
              patch.image === undefined
                ? null
                : resolvedImage(await dashboard.distribution(taggedImage(patch.image)));
            await dashboard.changeService(ours, (spec) => patchSpec(spec, patch, resolved));
            await shell(detached(updateCommand(theirs, patch)));
            await sameSpecs();
          }
        } finally {
          for (const name of [theirs, ours]) await client().call('DELETE', `/services/${name}`);
        }
      },
    );

    test('service inspect --pretty prints what the dashboard prints', async (context) => {
      const network = serviceName('prettynet');
      await docker(binary, 'network', 'create', '--driver', 'overlay', network);
      context.onTestFinished(async () => {
        // Until its tasks have stopped, it is in use.
        await vi.waitFor(() => docker(binary, 'network', 'rm', network), WAIT);
      });
      const names = [
        await createService(context, client(), 'pretty', {
          Labels: { b: '', a: 'x y' },
          replicas: 2,
          task: {
            ContainerSpec: {
              Image: IMAGE,
              Env: ['A=b'],
              User: '1',
              Init: true,
            },
            Placement: { Constraints: ['node.role==worker'], MaxReplicas: 2 },
            Resources: { Limits: { NanoCPUs: 5e8 }, Reservations: { MemoryBytes: 8 * 2 ** 20 } },
            LogDriver: { Name: 'json-file', Options: { 'max-size': '1m' } },
            Networks: [{ Target: network }],
          },
          UpdateConfig: {
            Parallelism: 2,
            Delay: 90e9,
            MaxFailureRatio: 0.25,
            Order: 'start-first',
          },
          EndpointSpec: { Mode: 'vip', Ports: [{ TargetPort: 8080 }] },
        }),
        await createService(context, client(), 'prettyglobal', { global: true }),
        await createService(context, client(), 'prettyjob', {
          job: { ReplicatedJob: { MaxConcurrent: 1, TotalCompletions: 2 } },
          task: { ContainerSpec: { Image: IMAGE, Args: ['-help'] } },
        }),
        await createService(context, client(), 'prettyglobaljob', {
          job: { GlobalJob: {} },
          task: { ContainerSpec: { Image: IMAGE, Args: ['-help'] } },
        }),
      ];
      const dashboard = dockerEngine({ kind: 'unix', socketPath: engine().socketPath });
      const [first = ''] = names;
      await untilRunning(client(), first, 2);
      await docker(binary, 'service', 'update', '--detach', '--label-add', 'c=d', first);
      for (const name of names) {
        await vi.waitFor(async () => {
          const { body } = await client().call('GET', `/services/${name}`);
          const { stdout } = await docker(binary, 'service', 'inspect', '--pretty', name);
          const json = body as RawSpec & { Spec: RawSpec };
          const networks = new Map<string, string>();
          for (const id of networkIds(json.Spec)) {
            networks.set(id, (await dashboard.networkName(id)) ?? '');
          }
          expect(inspectPretty(json, { now: Date.now(), networks })).toBe(stdout);
        }, WAIT);
      }
    });

    test('node inspect --pretty and inspect of a task print what the dashboard prints', async (context) => {
      const dashboard = dockerEngine({ kind: 'unix', socketPath: engine().socketPath });
      for (const { ID } of await dashboard.nodes()) {
        await vi.waitFor(async () => {
          const { json } = await dashboard.inspectNode(ID);
          const { stdout } = await docker(binary, 'node', 'inspect', '--pretty', ID);
          expect(inspectNodePretty(withNumbers(json))).toBe(stdout);
        }, WAIT);
      }
      const name = await createService(context, client(), 'inspectedtask');
      await untilRunning(client(), name, 1);
      const { ID } = await dashboard.inspectService(name);
      await vi.waitFor(async () => {
        const task = (await dashboard.tasks()).find(({ ServiceID }) => ServiceID === ID);
        const { json } = await dashboard.inspectTask(task?.ID ?? '');
        const { stdout } = await docker(binary, 'inspect', '--type', 'task', task?.ID ?? '');
        expect([json]).toEqual(parseLossless(stdout));
      }, WAIT);
    });

    test('swarm join-token prints the join command that the dashboard shows', async () => {
      const dashboard = dockerEngine({ kind: 'unix', socketPath: engine().socketPath });
      const { stdout } = await docker(binary, 'swarm', 'join-token', 'worker');
      expect(stdout).toContain(await dashboard.joinCommand());
    });

    test('service ps names the first task of a job by its node, as the dashboard does', async (context) => {
      const name = await createService(context, client(), 'clijobps', {
        job: { ReplicatedJob: { MaxConcurrent: 2, TotalCompletions: 2 } },
        task: { ContainerSpec: { Image: IMAGE, Args: ['-help'] } },
      });
      const names = await until(async () => {
        const format = '{{.Name}} {{.CurrentState}}';
        const { stdout } = await docker(binary, 'service', 'ps', name, '--format', format);
        const lines = stdout.trim().split('\n');
        return (
          lines.length === 2 &&
          lines.every((line) => line.includes(' Complete ')) &&
          lines.map((line) => line.split(' ')[0])
        );
      }, 'both tasks complete');
      const { view } = buildView(await snapshotOf(engine()), VIEW_OPTIONS, NO_MEMORY, Date.now());
      const service = view.services.find((one) => one.name === name);
      const own = view.tasks.filter(({ serviceId }) => serviceId === service?.id);
      expect(own.map(({ slot }) => slot)).toEqual([0, 1]);
      expect(own[0]?.name).toBe(`${name}.${own[0]?.nodeId}`);
      expect(new Set(own.map((task) => task.name))).toEqual(new Set(names));
    });

    /** What the client ends with, and the dashboard where the client's engine is of the same version. */
    const lastPhrase = async (name: string) => {
      const { stdout } = await docker(binary, 'version', '--format', '{{.Client.Version}}');
      return `verify: Service ${clientNamesService(stdout) ? `${name} ` : ''}converged`;
    };

    /** Runs a command that waits for a service, and collects what the dashboard shows meanwhile. */
    const whileWaiting = async (name: string, ...args: string[]) => {
      const ours: string[] = [];
      let memory = NO_MEMORY;
      const look = async () => {
        const built = buildView(await snapshotOf(engine()), VIEW_OPTIONS, memory, Date.now());
        memory = built.memory;
        const mine = built.view.services.find((service) => service.name === name);
        const { phrase, verify, last } = mine?.convergence ?? {};
        for (const one of [phrase, verify, last]) if (one != null) ours.push(one);
        return mine?.convergence.phase === 'converged';
      };
      await look();
      ours.length = 0;
      const command = docker(binary, ...args);
      let over = false;
      void command.finally(() => (over = true)).catch(() => {});
      await until(
        async () => {
          // Before the client began it had converged as well.
          const wasOver = over;
          return ((await look()) && wasOver) || undefined;
        },
        'the client is done, and the dashboard shows it',
        300_000,
      );
      const { stdout } = await command;
      return { ours, theirs: phrases(stdout), firstLine: stdout.split('\n')[0] };
    };

    test('service scale prints its phrases, and the dashboard shows the same', async (context) => {
      const name = await createService(context, client(), 'cliscale', { replicas: 1 });
      await untilRunning(client(), name, 1);
      const { ours, theirs, firstLine } = await whileWaiting(name, 'service', 'scale', `${name}=3`);
      expect(firstLine).toBe(`${name} scaled to 3`);
      expect(theirs.slice(-1)).toEqual([await lastPhrase(name)]);
      expect(theirs).toContain('verify: Waiting 5 seconds to verify that tasks are stable...');
      expect(theirs.filter((phrase) => phrase.startsWith('overall'))).toContain(
        'overall progress: 3 out of 3 tasks',
      );
      expectOrder(theirs);
      expectOrder(ours.slice(ours.findIndex((phrase) => phrase.includes('out of 3'))));
      expectSame(ours, theirs);
      for (const phrase of new Set(ours))
        expect(phrase).toMatch(/^(overall progress: ([0-3] out of 3|1 out of 1) tasks|verify: )/);
      expect(new Set(ours.filter((phrase) => SECONDS.test(phrase))).size).toBeGreaterThan(0);
    });

    test('service rollback prints its phrases, and the dashboard shows the same', async (context) => {
      const name = await createService(context, client(), 'cliback', {
        replicas: 3,
        UpdateConfig: { Parallelism: 0, Monitor: 5_000_000_000 },
        RollbackConfig: { Parallelism: 1, Monitor: 5_000_000_000 },
      });
      await untilRunning(client(), name, 3);
      await docker(binary, 'service', 'update', '--detach', '--env-add', 'A=1', name);
      await until(async () => {
        const { UpdateStatus } = await client().service(name);
        return UpdateStatus?.State === 'completed' || undefined;
      }, 'updated');
      const { ours, theirs, firstLine } = await whileWaiting(name, 'service', 'rollback', name);
      expect(firstLine).toBe(name);
      expect(theirs[0]).toBe('rollback: manually requested rollback');
      expect(theirs.at(-1)).toBe(await lastPhrase(name));
      expect(theirs).toContain('overall progress: rolling back update: 3 out of 3 tasks');
      expectSame(ours, theirs);
      // The engine's report that it has completed the rollback does not start another window.
      const waits = ours.filter((phrase) => SECONDS.test(phrase));
      expect(waits).toEqual([...waits].sort().toReversed());
    });

    test('a rollback of a scale ends as the client ends it', async (context) => {
      const name = await createService(context, client(), 'cliunscale', {
        replicas: 1,
        UpdateConfig: { Parallelism: 0, Monitor: 1_000_000_000 },
      });
      await untilRunning(client(), name, 1);
      await docker(binary, 'service', 'scale', '--detach', `${name}=3`);
      await untilRunning(client(), name, 3);
      await docker(binary, 'service', 'scale', '--detach', `${name}=1`);
      await untilRunning(client(), name, 1);
      const { ours, theirs } = await whileWaiting(name, 'service', 'rollback', name);
      expect(theirs.slice(-2)).toEqual([await lastPhrase(name), 'rollback: rollback completed']);
      const known = ours.map((phrase) => phrase.replace(CONVERGED, 'verify: Service converged'));
      expect(known.slice(-2)).toEqual([
        'verify: Service converged',
        'rollback: rollback completed',
      ]);
    });

    test('a paused update is what the client says, with the id of the task', async (context) => {
      const name = await createService(context, client(), 'clipaused', {
        replicas: 1,
        UpdateConfig: { Parallelism: 1, Monitor: 2_000_000_000, FailureAction: 'pause' },
      });
      await untilRunning(client(), name, 1);
      const command = docker(binary, 'service', 'update', '--args', '-nosuchflag', name);
      const { stderr = '' } = await command.then(
        () => ({ stderr: 'the client ended well' }),
        (error: { stderr?: string }) => error,
      );
      expect(stderr.trim()).toMatch(/^service update paused: .* of task [a-z0-9]{25}$/);
      const { view } = buildView(await snapshotOf(engine()), VIEW_OPTIONS, NO_MEMORY, Date.now());
      const mine = view.services.find((service) => service.name === name);
      expect(mine?.convergence.verify).toBe(stderr.trim());
    });

    test('service create, ls, ps, inspect, update, rollback and rm work', async () => {
      const name = serviceName('clitour');
      const image = 'carmeloc/goweb:1.0';
      try {
        const wait = ['--update-monitor', '100ms', '--rollback-monitor', '100ms', '--detach=true'];
        await docker(
          binary,
          'service',
          'create',
          '--name',
          name,
          '--replicas',
          '2',
          ...wait,
          image,
        );
        await untilRunning(client(), name, 2);
        const ls = await docker(binary, 'service', 'ls', '--filter', `name=${name}`);
        expect(ls.stdout).toMatch(new RegExp(`${name} +replicated +2/2 +${image}`));
        const ps = await docker(binary, 'service', 'ps', name);
        expect(ps.stdout.split('\n').slice(1, 3).join('\n')).toMatch(
          /\.1 .*Running .*\n.*\.2 .*Running /,
        );
        const pretty = await docker(binary, 'service', 'inspect', '--pretty', name);
        expect(pretty.stdout).toMatch(/Service Mode:\s+Replicated\s+Replicas:\s+2/);
        await docker(binary, 'service', 'update', '--detach=true', '--env-add', 'A=1', name);
        await until(async () => {
          const now = await client().service(name);
          return now.UpdateStatus?.State === 'completed';
        }, 'updated');
        const format = '{{json .Spec.TaskTemplate.ContainerSpec.Env}}';
        const env = await docker(binary, 'service', 'inspect', '--format', format, name);
        expect(env.stdout.trim()).toBe('["A=1"]');
        const after = await docker(binary, 'service', 'ps', name);
        expect(after.stdout).toContain(` \\_ ${name}.1`);
        await docker(binary, 'service', 'rollback', '--detach=true', name);
        const back = await until(async () => {
          const now = await client().service(name);
          return now.UpdateStatus?.State === 'rollback_completed' && now;
        }, 'rolled back');
        expect(back.Spec.TaskTemplate.ContainerSpec).not.toHaveProperty('Env');
      } finally {
        await docker(binary, 'service', 'rm', name);
      }
      expect(
        running(
          await client()
            .tasks(name)
            .catch(() => []),
        ),
      ).toEqual([]);
    });

    test('service update --image converges', async (context) => {
      const name = await createService(context, client(), 'cliimage', {
        image: NO_IMAGE,
        // The client prints no verdict of an update that has ended before it sees the new task run.
        UpdateConfig: { Parallelism: 1, Monitor: 5_000_000_000 },
      });
      const { stdout } = await docker(binary, 'service', 'update', '--image', IMAGE, name);
      expect(stdout.split('\n')[0]).toBe(name);
      expect(phrases(stdout).at(-1)).toBe(await lastPhrase(name));
      const [task] = await untilRunning(client(), name, 1);
      expect(task?.Spec.ContainerSpec?.Image).toMatch(
        new RegExp(`^${IMAGE}(@sha256:[0-9a-f]{64})?$`),
      );
    });

    test('events lists create, update and remove of a service', async () => {
      const name = serviceName('clievents');
      const since = String(Date.now() / 1000);
      const options = ['--detach', '--replicas', '0', '--name', name];
      await docker(binary, 'service', 'create', ...options, IMAGE);
      await docker(binary, 'service', 'scale', '--detach', `${name}=1`);
      await docker(binary, 'service', 'rm', name);
      const listed = async () => {
        const until = String(Date.now() / 1000);
        const filters = ['--filter', 'type=service', '--filter', `service=${name}`];
        const format = '{{.Type}} {{.Action}} {{.Actor.Attributes.name}}';
        const times = ['--since', since, '--until', until];
        const { stdout } = await docker(binary, 'events', ...times, ...filters, '--format', format);
        return stdout.trim().split('\n');
      };
      const lines = await until(async () => {
        const now = await listed();
        return now.at(-1)?.includes(' remove ') && now;
      }, 'the last event');
      const [first, ...between] = lines.slice(0, -1);
      expect([first, lines.at(-1)]).toEqual([`service create ${name}`, `service remove ${name}`]);
      expect(new Set(between)).toEqual(new Set([`service update ${name}`]));
    });

    test('node ls and info show the five nodes', async () => {
      const list = await docker(
        binary,
        'node',
        'ls',
        '--format',
        '{{.Hostname}} {{.ManagerStatus}} {{.Self}}',
      );
      expect(list.stdout.trim().split('\n')).toEqual([
        'ctrl Leader true',
        'zero1  false',
        'zero2  false',
        'zero3  false',
        'zero4  false',
      ]);
      const info = await docker(
        binary,
        'info',
        '--format',
        '{{.Swarm.LocalNodeState}} {{.Swarm.Nodes}}',
      );
      expect(info.stdout.trim()).toBe('active 5');
    });

    test('service scale reports an unknown service', async () => {
      const refused = docker(binary, 'service', 'scale', 'nosuch=3');
      await expect(refused).rejects.toMatchObject({
        stderr: expect.stringMatching(/no such service: nosuch|service nosuch not found/i),
      });
    });
  });
}

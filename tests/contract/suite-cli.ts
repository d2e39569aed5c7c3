import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { buildView, NO_MEMORY } from '@/lib/swarm/build-view';
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
    .filter((line) => /^(overall progress|rolling back|verify)/.test(line))
    .map((line) => line.replace(/Service \S+ converged/, 'Service converged'));
  return lines.filter((line, i) => line !== lines[i - 1]);
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

    test('service scale prints its phrases, and the dashboard shows the same', async (context) => {
      const name = await createService(context, client(), 'cliscale', { replicas: 1 });
      await untilRunning(client(), name, 1);
      const ours: string[] = [];
      let memory = NO_MEMORY;
      const look = async () => {
        const built = buildView(await snapshotOf(engine()), VIEW_OPTIONS, memory, Date.now());
        memory = built.memory;
        const mine = built.view.services.find((service) => service.name === name);
        const shown = [mine?.convergence.phrase, mine?.convergence.verify ?? undefined];
        for (const phrase of shown) if (phrase !== undefined) ours.push(phrase);
      };
      await look();
      ours.length = 0;
      const scaled = docker(binary, 'service', 'scale', `${name}=3`);
      let over = false;
      void scaled.finally(() => (over = true)).catch(() => {});
      await until(
        async () => {
          await look();
          return (over && ours.includes('verify: Service converged')) || undefined;
        },
        'the client is done, and the dashboard shows it',
        300_000,
      );
      const { stdout } = await scaled;
      expect(stdout.split('\n')[0]).toBe(`${name} scaled to 3`);
      const theirs = phrases(stdout);
      expect(theirs.slice(-1)).toEqual(['verify: Service converged']);
      expect(theirs).toContain('verify: Waiting 5 seconds to verify that tasks are stable...');
      expect(theirs.filter((phrase) => phrase.startsWith('overall'))).toContain(
        'overall progress: 3 out of 3 tasks',
      );
      expectOrder(theirs);
      expectOrder(ours.slice(ours.findIndex((phrase) => phrase.includes('out of 3'))));
      const known = new Set(ours);
      const seconds = /^verify: Waiting \d seconds/;
      for (const phrase of theirs) {
        // Which intermediate numbers each of the two sees depends on when it polls.
        if (/^overall progress: [012] out of 3 tasks$/.test(phrase) || seconds.test(phrase))
          continue;
        expect(known).toContain(phrase);
      }
      for (const phrase of known)
        expect(phrase).toMatch(/^(overall progress: ([0-3] out of 3|1 out of 1) tasks|verify: )/);
      expect([...known].filter((phrase) => seconds.test(phrase)).length).toBeGreaterThan(0);
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
      expect(phrases(stdout).at(-1)).toBe('verify: Service converged');
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

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify, stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { buildView, NO_MEMORY } from '@/lib/swarm/build-view';
import { dockerEngine } from '@/lib/engine/docker-engine';
import { type Client, serviceName, type TestEngine, until } from './engines';
import { running, settled, using } from './using';

const run = promisify(execFile);
/** Debian's own 20.10 client, and a newer one where there is one. */
const CLIENTS = ['/usr/bin/docker', '/usr/local/bin/docker'].filter((path) => existsSync(path));

/** The words of a progress display: terminal codes, empty rows and repeated lines taken out. */
function phrases(output: string): string[] {
  const lines = output
    .split(/[\r\n]+/)
    .map((line) => stripVTControlCharacters(line).trim())
    .filter((line) => /^(overall progress|rolling back|verify)/.test(line))
    .map((line) => line.replace(/Service \S+ converged/, 'Service converged'));
  return lines.filter((line, i) => line !== lines[i - 1]);
}

/** The real docker client against the engine, and its words against ours. */
export function cli(engine: () => TestEngine): void {
  const client = (): Client => engine().client;
  const docker = (binary: string, ...args: string[]) =>
    run(binary, args, {
      env: { ...process.env, DOCKER_HOST: `unix://${engine().socketPath}` },
      timeout: 50_000,
    });

  const clients = CLIENTS.length > 0 ? CLIENTS : ['docker, which is not here (Debian: docker.io)'];
  describe.skipIf(CLIENTS.length === 0).each(clients)('%s', (binary) => {
    test('service scale: its phrases, and the same from the dashboard', async (context) => {
      const name = await using(context, client(), 'cliscale', { replicas: 1 });
      await settled(client(), name, 1);
      const ours: string[] = [];
      const door = dockerEngine({ socketPath: engine().socketPath });
      let memory = NO_MEMORY;
      const look = async () => {
        const [info, version, nodes, list, tasks] = await Promise.all([
          door.info(),
          door.version(),
          door.nodes(),
          door.services(),
          door.tasks(),
        ]);
        const snapshot = { info, version, nodes, services: list, tasks };
        const options = { hat: ['ctrl'], echoService: 'goweb' };
        const built = buildView(snapshot, options, memory, Date.now());
        memory = built.memory;
        const mine = built.view.services.find((service) => service.name === name);
        const said = [mine?.convergence.phrase, mine?.convergence.verify ?? undefined];
        for (const phrase of said) if (phrase !== undefined) ours.push(phrase);
      };
      await look();
      ours.length = 0;
      const scaled = docker(binary, 'service', 'scale', `${name}=3`);
      let over = false;
      void scaled.finally(() => (over = true)).catch(() => {});
      await until(
        async () => {
          await look();
          return over || undefined;
        },
        'the client is done',
        45_000,
      );
      const { stdout } = await scaled;
      expect(stdout.split('\n')[0]).toBe(`${name} scaled to 3`);
      const theirs = phrases(stdout);
      expect(theirs.slice(-1)).toEqual(['verify: Service converged']);
      expect(theirs).toContain('verify: Waiting 5 seconds to verify that tasks are stable...');
      expect(theirs.filter((phrase) => phrase.startsWith('overall'))).toContain(
        'overall progress: 3 out of 3 tasks',
      );
      const known = new Set(ours);
      const seconds = /^verify: Waiting \d seconds/;
      for (const phrase of theirs) {
        // Which numbers on the way each of us two catches depends on when it looks.
        if (/^overall progress: [012] out of 3 tasks$/.test(phrase) || seconds.test(phrase))
          continue;
        expect(known).toContain(phrase);
      }
      for (const phrase of known)
        expect(phrase).toMatch(/^(overall progress: ([0-3] out of 3|1 out of 1) tasks|verify: )/);
      expect([...known].filter((phrase) => seconds.test(phrase)).length).toBeGreaterThan(3);
    });

    test('create, ls, ps, inspect, update, rollback, rm', async () => {
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
        await settled(client(), name, 2);
        const ls = await docker(binary, 'service', 'ls', '--filter', `name=${name}`);
        expect(ls.stdout).toMatch(new RegExp(`${name} +replicated +2/2 +${image}`));
        const ps = await docker(binary, 'service', 'ps', name);
        expect(ps.stdout.split('\n').slice(1, 3).join('\n')).toMatch(
          /\.1 .*Running .*\n.*\.2 .*Running /,
        );
        const pretty = await docker(binary, 'service', 'inspect', '--pretty', name);
        expect(pretty.stdout).toMatch(/Service Mode:\s+Replicated\s+Replicas:\s+2/);
        await docker(binary, 'service', 'update', '--detach=true', '--env-add', 'A=1', name);
        const updated = await until(async () => {
          const now = await client().service(name);
          return now.UpdateStatus?.State === 'completed' && now;
        }, 'updated');
        expect(updated.Spec.TaskTemplate.ContainerSpec).toMatchObject({ Env: ['A=1'] });
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

    test('node ls and info', async () => {
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

    test('its words for what is not there', async () => {
      const refused = docker(binary, 'service', 'scale', 'nosuch=3');
      await expect(refused).rejects.toMatchObject({
        stderr: expect.stringMatching(/no such service: nosuch|service nosuch not found/i),
      });
    });
  });
}

import { afterAll, beforeAll, expect, test } from 'vitest';
import { dialTargets } from '@/components/curl/controls/dial-targets';
import { dial } from '@/lib/curl/dial';
import { taskRows } from '@/lib/swarm/cli';
import { both, editEach, ODD_CASES } from '@/tests/support/odd-cases';
import { oddSwarm, type OddSwarm } from './odd-swarm';

let swarm: OddSwarm;
beforeAll(async () => {
  swarm = await oddSwarm();
});
afterAll(() => swarm.close());

const request = { service: 'goweb', publishedPort: 0, entryNode: 'rotate', path: '/Hello!' };

test('ephemeralPort: the ports that the tasks got are dialled on their nodes', async () => {
  const view = await swarm.view(ODD_CASES.ephemeralPort);
  const [service] = view.services;
  expect(service?.summary).toBe(
    'carmeloc/goweb:1.0 · 8080/tcp on host ports, chosen by the engine',
  );
  expect(dialTargets(view.services).map(({ key }) => key)).toEqual(['goweb:8080/host']);
  const running = view.tasks.filter(({ phase }) => phase === 'running');
  const urls = running.map(({ nodeId, hostPorts }) => {
    const address = view.nodes.find(({ id }) => id === nodeId)?.address;
    return `http://${address}:${hostPorts[0]?.published}/Hello!`;
  });
  const dialled = dial(view, request);
  expect(dialled.ok && dialled.target.entries.map(({ url }) => url).sort()).toEqual(urls.sort());
  const rows = taskRows(view, 0).filter(({ task }) => task.phase === 'running');
  expect(rows.map(({ ports }) => ports)).toEqual(
    running.map(({ hostPorts }) => `*:${hostPorts[0]?.published}->8080/tcp`),
  );
});

test('a port status that cannot be read leaves the task, and its port is not dialled', async () => {
  const odd = editEach('/tasks', (task, index) => ({
    ...task,
    Status: {
      ...task.Status,
      PortStatus: [
        { Ports: [{ TargetPort: 8080, PublishedPort: 'x', PublishMode: 'host' }] },
        { Ports: null },
        'none',
      ][index % 3],
    },
  }));
  const services = ODD_CASES.ephemeralPort;
  const view = await swarm.view(
    both(odd, (answer) => (answer.path === '/services' ? services(answer) : undefined)),
  );
  expect(view.tasks.filter(({ phase }) => phase === 'running')).toHaveLength(3);
  expect(view.tasks.flatMap(({ hostPorts }) => hostPorts)).toEqual([]);
  expect(dial(view, request)).toMatchObject({ ok: false, why: { kind: 'not-dialable' } });
});

import { describe, expect, test } from 'vitest';
import { aNode, aService, aTask } from '@/tests/factories/view';
import { nodePortLinks, portLinks } from './port-links';

const nodes = [aNode({ name: 'ctrl' }), aNode({ name: 'zero1' })];
const port = (mode: 'ingress' | 'host', published: number | null, protocol = 'tcp') =>
  aService({ ports: [{ published, target: 8080, protocol, mode }] });
const PAGE = 'swarm.home';

describe('the links of a task’s published ports', () => {
  test('ingress: at the node by which the page was opened, else at the engine’s own', () => {
    expect(portLinks(aTask(), port('ingress', 8888), nodes, PAGE)).toEqual([
      {
        text: '8888 → 8080/tcp',
        note: 'any task answers',
        url: 'http://172.19.181.254:8888/',
      },
    ]);
    const [link] = portLinks(aTask(), port('ingress', 8888), nodes, 'zero1.local');
    expect(link?.url).toBe('http://zero1.local:8888/');
  });

  test('host mode: at the task’s own node, with the port that the engine chose', () => {
    const chosen = aTask({ hostPorts: [{ published: 32_768, target: 8080, protocol: 'tcp' }] });
    expect(portLinks(chosen, port('host', null), nodes, PAGE)).toEqual([
      {
        text: '32768 → 8080/tcp',
        note: 'this task answers',
        url: 'http://172.19.181.1:32768/',
      },
    ]);
    const fixed = aTask({ hostPorts: [{ published: 80, target: 8080, protocol: 'tcp' }] });
    expect(portLinks(fixed, port('host', 80), nodes, PAGE).map(({ url }) => url)).toEqual([
      'http://172.19.181.1:80/',
    ]);
  });

  test('host mode: none while the task does not run', () => {
    expect(portLinks(aTask({ state: 'failed' }), port('host', 80), nodes, PAGE)).toEqual([]);
  });

  test('an address that only the dashboard’s machine has is not opened from elsewhere', () => {
    const local = [aNode({ name: 'ctrl', address: '127.0.78.1' })];
    const [link] = portLinks(aTask(), port('ingress', 8888), local, PAGE);
    expect(link).toMatchObject({ url: null, note: expect.stringContaining('machine only') });
    const [here] = portLinks(aTask(), port('ingress', 8888), local, 'localhost');
    expect(here?.url).toBe('http://127.0.78.1:8888/');
  });

  test('a browser opens TCP ports only', () => {
    const [link] = portLinks(aTask(), port('ingress', 53, 'udp'), nodes, PAGE);
    expect(link).toEqual({ text: '53 → 8080/udp', note: 'any task answers', url: null });
  });

  test('none of a removed service, or a port that is not published', () => {
    expect(portLinks(aTask(), undefined, nodes, PAGE)).toEqual([]);
    expect(portLinks(aTask(), port('ingress', null), nodes, PAGE)).toEqual([]);
  });
});

describe('the links of the ports at which a node answers', () => {
  const web = {
    ...port('ingress', 8888),
    id: 'web',
    name: 'web',
  };
  const direct = { ...port('host', null), id: 'direct', name: 'direct' };
  const [ctrl, zero1] = nodes;
  const on = (node: (typeof nodes)[number] | undefined, published: number) =>
    aTask({
      serviceId: 'direct',
      name: `direct.${published}`,
      nodeId: node?.id ?? null,
      hostPorts: [{ published, target: 8080, protocol: 'tcp' }],
    });

  test('ingress of every service at this node, host mode of its own running tasks', () => {
    const tasks = [on(zero1, 32_768), on(ctrl, 32_769)];
    const links = nodePortLinks(zero1!, { services: [web, direct], tasks }, PAGE);
    expect(links).toEqual([
      { text: '8888 → 8080/tcp', note: 'any task of web', url: 'http://172.19.181.1:8888/' },
      { text: '32768 → 8080/tcp', note: 'direct.32768', url: 'http://172.19.181.1:32768/' },
    ]);
  });

  test('none at a node that is not ready', () => {
    const down = { ...zero1!, state: 'down' as const };
    expect(nodePortLinks(down, { services: [web], tasks: [] }, PAGE)).toEqual([]);
  });
});

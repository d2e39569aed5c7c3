import { describe, expect, test } from 'vitest';
import { aNode, aService } from '@/tests/factories/view';
import { openPorts } from './open-url';

const port = (published: number | null, over: object = {}) => ({
  published,
  target: 8080,
  protocol: 'tcp',
  mode: 'ingress' as const,
  ...over,
});
const ctrl = aNode({
  id: 'a',
  name: 'ctrl',
  hostname: 'ctrl',
  address: '172.19.181.254',
  here: true,
});
const zero = aNode({
  id: 'b',
  name: 'zero1',
  hostname: 'zero1',
  address: '172.19.181.1',
  here: false,
});
const goweb = aService({ ports: [port(8888)], targets: [] });
const url = (hostname: string, nodes = [zero, ctrl], service = goweb) =>
  openPorts(service, nodes, hostname)[0]?.url;

describe('where a browser opens a published port', () => {
  test.each([
    ['by the node’s name that it came by', 'ctrl', 'http://ctrl:8888/'],
    ['by mDNS', 'Zero1.local', 'http://Zero1.local:8888/'],
    ['by the node’s address', '172.19.181.1', 'http://172.19.181.1:8888/'],
    ['on the dashboard’s machine', 'localhost', 'http://172.19.181.254:8888/'],
    ['under another name', 'swarm.example', 'http://172.19.181.254:8888/'],
  ])('%s', (_, hostname, expected) => expect(url(hostname)).toBe(expected));

  test('a loopback address works on the dashboard’s machine only', () => {
    const demo = [aNode({ name: 'ctrl', address: '127.0.77.1', here: true })];
    expect(url('127.0.0.1', demo)).toBe('http://127.0.77.1:8888/');
    expect(openPorts(goweb, demo, '192.168.1.5')).toEqual([
      { port: 8888, mode: 'ingress', url: null },
    ]);
  });

  test('another address is used when the first is loopback', () => {
    const node = aNode({ address: '127.0.0.1', otherAddresses: ['10.0.0.7'], here: true });
    expect(url('swarm.example', [node])).toBe('http://10.0.0.7:8888/');
  });

  test('never at a node that is down or has no address', () => {
    const down = aNode({ name: 'ctrl', hostname: 'ctrl', address: '10.0.0.1', state: 'down' });
    expect(url('ctrl', [down])).toBeNull();
    expect(url('x.example', [aNode({ address: null, otherAddresses: [] })])).toBeNull();
  });

  test('IPv6 in brackets, TLS by its port', () => {
    const node = aNode({ address: 'fd00::1', here: true });
    const service = aService({ ports: [port(443)], targets: [] });
    expect(url('x.example', [node], service)).toBe('https://[fd00::1]:443/');
  });

  test('in host mode at a node that runs a task, at its port', () => {
    const service = aService({
      ports: [port(null, { mode: 'host' })],
      targets: [
        { key: 'goweb:8080/host', port: 0, targetPort: 8080, hosts: { b: ['172.19.181.1:32768'] } },
      ],
    });
    expect(openPorts(service, [ctrl, zero], 'ctrl')).toEqual([
      { port: 32_768, mode: 'host', url: 'http://172.19.181.1:32768/' },
    ]);
    expect(openPorts(service, [ctrl], 'ctrl')).toEqual([]);
  });

  test('only TCP', () => {
    expect(openPorts(aService({ ports: [port(53, { protocol: 'udp' })] }), [ctrl], 'ctrl')).toEqual(
      [],
    );
  });
});

import { describe, expect, test } from 'vitest';
import { parseAddress } from './address';
import { engineHost } from './engine-host';

const address = (text: string) => parseAddress(text, { name: 'DOCKER_HOST', tls: () => null });

/** What the names of this network are, and a clock. */
function setUp(text: string, names: Record<string, string[]> = {}, container = false) {
  let now = 0;
  const asked: string[] = [];
  const host = engineHost(address(text), {
    now: () => now,
    inContainer: () => container,
    resolve(name, done) {
      asked.push(name);
      done(names[name] ?? []);
    },
  });
  return { host, names, asked, later: (ms: number) => (now += ms) };
}

describe('the addresses of the engine’s machine', () => {
  test.each([
    ['unix:///var/run/docker.sock', true, ['127.0.0.1'], null],
    ['tcp://10.0.0.5:2375', false, ['10.0.0.5'], 2375],
    ['tcp://[fd00::5]:2375', false, ['fd00::5'], 2375],
    ['ssh://pi@10.0.0.5', false, ['10.0.0.5'], null],
    ['tcp://127.0.0.1:2375', true, ['127.0.0.1'], 2375],
    ['tcp://ctrl:2375', false, ['192.168.1.9', 'fd00::9'], 2375],
    ['ssh://pi@ctrl', false, ['192.168.1.9', 'fd00::9'], null],
    ['tcp://localhost:2375', true, ['127.0.0.1'], 2375],
    ['ssh://alias', false, [], null],
  ])('of %s', (text, local, addresses, apiPort) => {
    const names = { ctrl: ['192.168.1.9', 'fd00::9'], localhost: ['127.0.0.1'] };
    expect(setUp(text, names).host()).toEqual({ local, addresses, apiPort });
  });

  test('are none in a container, whose loopback is its own', () => {
    const { host } = setUp('unix:///var/run/docker.sock', {}, true);
    expect(host()).toEqual({ local: true, addresses: [], apiPort: null });
  });

  test('are resolved again when they are old, and kept when that fails', () => {
    const { host, names, asked, later } = setUp('tcp://ctrl:2375', { ctrl: ['10.0.0.1'] });
    later(60_000);
    expect(host().addresses).toEqual(['10.0.0.1']);
    expect(asked).toHaveLength(1);
    names['ctrl'] = ['10.0.0.2'];
    later(1);
    expect(host().addresses).toEqual(['10.0.0.2']);
    delete names['ctrl'];
    later(60_001);
    expect(host().addresses).toEqual(['10.0.0.2']);
  });
});

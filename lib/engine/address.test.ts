import { assert, constantFrom, property, string, tuple } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressText, parseAddress, type EngineAddress, type TlsOptions } from './address';

const TLS: TlsOptions = { verify: true, ca: 'CA' };
const parse = (text: string, tls: TlsOptions | null = null) =>
  parseAddress(text, { name: 'DOCKER_HOST', tls: () => tls });

/** Text, what it means, and how it is shown where that differs. The first five groups are as docker 28.2 dials them. */
const ACCEPTED: [text: string, address: EngineAddress, shown?: string][] = [
  ['unix:///run/user/1000/docker.sock', { kind: 'unix', socketPath: '/run/user/1000/docker.sock' }],
  ['unix://', { kind: 'unix', socketPath: '/var/run/docker.sock' }, 'unix:///var/run/docker.sock'],

  ['tcp://ctrl:2399', { kind: 'tcp', host: 'ctrl', port: 2399 }],
  ['tcp://ctrl', { kind: 'tcp', host: 'ctrl', port: 2375 }, 'tcp://ctrl:2375'],
  ['tcp://ctrl:2375/', { kind: 'tcp', host: 'ctrl', port: 2375 }, 'tcp://ctrl:2375'],
  ['tcp://', { kind: 'tcp', host: 'localhost', port: 2375 }, 'tcp://localhost:2375'],
  ['tcp://:99', { kind: 'tcp', host: 'localhost', port: 99 }, 'tcp://localhost:99'],
  [
    ' tcp://172.19.181.254:1 ',
    { kind: 'tcp', host: '172.19.181.254', port: 1 },
    'tcp://172.19.181.254:1',
  ],

  ['tcp://[::1]:2375', { kind: 'tcp', host: '::1', port: 2375 }],
  ['tcp://[::1]', { kind: 'tcp', host: '::1', port: 2375 }, 'tcp://[::1]:2375'],
  [
    'tcp://[fe80::1%25eth0]:9',
    { kind: 'tcp', host: 'fe80::1%eth0', port: 9 },
    'tcp://[fe80::1%eth0]:9',
  ],

  ['ctrl:99', { kind: 'tcp', host: 'ctrl', port: 99 }, 'tcp://ctrl:99'],
  ['ctrl', { kind: 'tcp', host: 'ctrl', port: 2375 }, 'tcp://ctrl:2375'],
  ['[::1]:99', { kind: 'tcp', host: '::1', port: 99 }, 'tcp://[::1]:99'],

  ['ssh://ctrl', { kind: 'ssh', host: 'ctrl' }],
  ['ssh://pi@ctrl:2222', { kind: 'ssh', user: 'pi', host: 'ctrl', port: 2222 }],
  [
    'ssh://pi@ctrl/run/x.sock',
    { kind: 'ssh', user: 'pi', host: 'ctrl', socketPath: '/run/x.sock' },
  ],
  ['ssh://pi@ctrl/', { kind: 'ssh', user: 'pi', host: 'ctrl' }, 'ssh://pi@ctrl'],
  ['ssh://pi@[fd00::2]:22', { kind: 'ssh', user: 'pi', host: 'fd00::2', port: 22 }],

  [
    'http://172.19.181.254',
    { kind: 'tcp', host: '172.19.181.254', port: 80 },
    'tcp://172.19.181.254:80',
  ],
  ['HTTP://proxy:2375', { kind: 'tcp', host: 'proxy', port: 2375 }, 'tcp://proxy:2375'],
  [
    'https://proxy',
    { kind: 'tls', host: 'proxy', port: 443, tls: { verify: true } },
    'tcp://proxy:443',
  ],
];

test.each(ACCEPTED)('%s', (text, address, shown = text) => {
  expect(parse(text)).toEqual(address);
  expect(addressText(address)).toBe(shown);
});

test.each<[text: string, address: EngineAddress]>([
  ['tcp://ctrl', { kind: 'tls', host: 'ctrl', port: 2376, tls: TLS }],
  ['tcp://[::1]:2375', { kind: 'tls', host: '::1', port: 2375, tls: TLS }],
  ['https://ctrl:9', { kind: 'tls', host: 'ctrl', port: 9, tls: TLS }],
  ['http://ctrl', { kind: 'tcp', host: 'ctrl', port: 80 }],
])('%s with TLS in the environment', (text, address) => {
  expect(parse(text, TLS)).toEqual(address);
});

test.each(['unix://', 'ssh://ctrl', 'http://ctrl'])('%s reads no certificate', (text) => {
  const tls = () => {
    throw new Error('read');
  };
  expect(() => parseAddress(text, { name: 'DOCKER_HOST', tls })).not.toThrow();
});

describe('rejects with one sentence that names the variable', () => {
  test.each([
    ['/var/run/docker.sock', 'did you mean unix:///var/run/docker.sock?'],
    ['./docker.sock', 'did you mean unix://./docker.sock?'],
    ['unix://run/docker.sock', 'did you mean unix:///run/docker.sock?'],
    ['npipe:////./pipe/docker_engine', 'npipe:// is not supported'],
    ['fd://', 'fd:// is not supported'],
    ['ftp://ctrl', 'it may be unix:///path/to/docker.sock, tcp://host:port or ssh://user@host.'],
    ['tcp://ctrl:2375/v1.41', 'a tcp address has no path.'],
    ['tcp://ctrl?x=1', 'a tcp address has no path.'],
    ['tcp://pi@ctrl', 'a tcp address has no user or password.'],
    ['tcp://ctrl:0', '"0" is no port'],
    ['tcp://ctrl:65536', '"65536" is no port'],
    ['tcp://ctrl:http', '"http" is no port'],
    ['tcp://::1', 'did you mean [::1]?'],
    ['tcp://[ctrl]:1', '[ctrl] is no IPv6 address.'],
    ['tcp://two words', '"two words" is no host name.'],
    ['ssh://', 'it names no host'],
    ['ssh://-oProxyCommand=x', '"-oProxyCommand=x" is no host name.'],
    ['ssh://-lroot@ctrl', '"-lroot" is no user name'],
    ['ssh://pi$(id)@ctrl', 'is no user name'],
    ['ssh://pi@ctrl/run/$(id).sock', 'a path to a socket'],
    ['ssh://pi@ctrl/run/a b.sock', 'a path to a socket'],
    ['ssh://pi@ctrl?x', 'a path to a socket'],
  ])('%s', (text, words) => {
    expect(() => parse(text)).toThrow(words);
    expect(() => parse(text)).toThrow(/^DOCKER_HOST is "[^\n]*$/);
  });

  test.each([
    ['ssh://pi:secret@ctrl', 'ssh://pi:***@ctrl'],
    ['tcp://pi:secret@ctrl:2375', 'tcp://pi:***@ctrl:2375'],
    ['pi:secret@ctrl', 'pi:***@ctrl'],
    ['ssh://:secret@ctrl', 'ssh://:***@ctrl'],
    ['ssh://pi:se/cr@et:secret@ctrl/run/x.sock', 'ssh://pi:***@ctrl/run/x.sock'],
    ['ssh://pi@home:secret@[::1]:22', 'ssh://pi@home:***@[::1]:22'],
    ['ftp://pi:secret@ctrl', 'ftp://pi:***@ctrl'],
    ['unix://pi:secret@ctrl', 'unix://pi:***@ctrl'],
    ['ssh:/pi:secret@ctrl', 'ssh:/pi:***@ctrl'],
  ])('%s is shown as %s', (text, shown) => {
    const message = `DOCKER_HOST is "${shown}": a password is not supported; over ssh use a key.`;
    expect(() => parse(text)).toThrow(message);
  });

  test.each([
    'ssh://u@h?x=1',
    'ssh://u@[::1]?x',
    'tcp://u@h:1',
    'ssh:/u@h',
    'ftp://h:1',
    '/run/a:b@c.sock',
    'tcp://[fe80::1%25eth0]@h',
  ])('%s has no password, and is shown as it is', (text) => {
    expect(() => parse(text)).toThrow(`DOCKER_HOST is ${JSON.stringify(text)}: `);
    expect(() => parse(text)).not.toThrow(/\*\*\*|password is/);
  });

  test('the error never contains a password', () => {
    const scheme = constantFrom('ssh://', 'tcp://', 'http://', 'https://', 'unix://', 'ftp://', '');
    const user = constantFrom('', 'pi', 'pi@home', '-l', 'a b', '[x', '[::1]', '$(id)');
    const rest = constantFrom(
      'ctrl',
      '[::1]:22',
      'ctrl:22/run/x.sock',
      'ctrl?x=1',
      '',
      'c:x@y',
      '//',
    );
    const character = constantFrom(...Array.from(':/@?#[]%\\$ ."*a2\né'));
    const noise = string({ unit: character, maxLength: 6 });
    assert(
      property(tuple(scheme, user, noise, noise, rest), ([before, name, a, b, after]) => {
        const text = `${before}${name}:${a}hunter${b}@${after}`;
        // `pi://` is a scheme.
        if (before === '' && a.startsWith('//')) return;
        let message = '';
        try {
          parse(text);
          // By the rules of URLs this has a port, perhaps an empty one, and a path.
          expect(text).toMatch(/^ssh:\/\/[^/]*:2*\/[^:]*$/);
        } catch (error) {
          ({ message } = error as Error);
        }
        expect(message).not.toContain('hunter');
      }),
      { numRuns: 3000 },
    );
  });

  test('the error contains no terminal control characters', () => {
    for (const text of ['unix://\x9b31m', 'tcp://a\u202Eb', './\x1b[31mx']) {
      expect(() => parse(text)).not.toThrow(/[\p{Cc}\p{Bidi_Control}]/u);
      expect(() => parse(text)).toThrow(/^DOCKER_HOST is /);
    }
  });
});

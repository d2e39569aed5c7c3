import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseOptions, usage, OptionsError } from './options';

const DEFAULTS = { demo: false, host: '127.0.0.1', port: 3000 };

test('has defaults for everything, and an empty variable counts as unset', () => {
  expect(parseOptions([], {})).toEqual(DEFAULTS);
  expect(parseOptions([], { HOST: '', PORT: '', CLUSTERHAT_DEMO: '' })).toEqual(DEFAULTS);
});

test.each([
  [['--demo'], {}, { demo: true }],
  [[], { CLUSTERHAT_DEMO: '1' }, { demo: true }],
  [[], { CLUSTERHAT_DEMO: 'true' }, { demo: true }],
  [[], { CLUSTERHAT_DEMO: '0' }, {}],
  [['--port', '80'], {}, { port: 80 }],
  [['--port=65535'], { PORT: '4000' }, { port: 65_535 }],
  [[], { PORT: '4000' }, { port: 4000 }],
  [['--port=1', '--port=2'], {}, { port: 2 }],
  [['--host', '0.0.0.0'], { HOST: 'ctrl.local' }, { host: '0.0.0.0' }],
  [[], { HOST: 'ctrl.local' }, { host: 'ctrl.local' }],
  [['--host=::1'], {}, { host: '::1' }],
  [['--host=[::1]'], {}, { host: '::1' }],
])('%j with %j', (args, environment, expected) => {
  expect(parseOptions(args, environment)).toEqual({ ...DEFAULTS, ...expected });
});

test.each([
  [['--help'], 'help'],
  [['-h'], 'help'],
  [['--version'], 'version'],
  [['-v'], 'version'],
  // --help wins over wrong values of other options.
  [['--help', '--port', 'x'], 'help'],
])('%j prints the %s', (args, expected) => {
  expect(parseOptions(args, {})).toBe(expected);
});

describe('rejects with one sentence', () => {
  test.each<[string[], Record<string, string>, string]>([
    [['--prot', '3001'], {}, 'there is no option --prot; --help lists them.'],
    [['-p'], {}, 'there is no option -p; --help lists them.'],
    [['start'], {}, '"start" is not an option; --help lists them.'],
    [['--demo=yes'], {}, '--demo takes no value.'],
    [['--port'], {}, '--port needs a value, as in --port=3001.'],
    [['--port', '--demo'], {}, '--port needs a value, as in --port=3001.'],
    [['--host'], {}, '--host needs a value, as in --host=0.0.0.0.'],
    [['--port', 'x'], {}, '--port is "x": it has to be a number from 1 to 65535.'],
    [['--port='], {}, '--port is "": it has to be a number from 1 to 65535.'],
    [[], { PORT: '0' }, 'PORT is "0": it has to be a number from 1 to 65535.'],
    [[], { PORT: '65536' }, 'PORT is "65536": it has to be a number from 1 to 65535.'],
    [[], { PORT: '1e3' }, 'PORT is "1e3": it has to be a number from 1 to 65535.'],
    [[], { PORT: ' 80' }, 'PORT is " 80": it has to be a number from 1 to 65535.'],
    [
      ['--host=fe80::1%eth0'],
      {},
      '--host is "fe80::1%eth0": it has to be an address of this machine.',
    ],
    [['--host', 'a:80'], {}, '--host is "a:80": it has to be an address of this machine.'],
    [[], { HOST: 'http://a' }, 'HOST is "http://a": it has to be an address of this machine.'],
    [[], { CLUSTERHAT_DEMO: 'maybe' }, 'CLUSTERHAT_DEMO is "maybe": it has to be 1 or 0.'],
  ])('%j with %j', (args, environment, sentence) => {
    expect(() => parseOptions(args, environment)).toThrow(new OptionsError(sentence));
  });

  test('any arguments give options or one sentence', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.string(), fc.string(), (args, HOST, PORT) => {
        const outcome = outcomeOf(() => parseOptions(args, { HOST, PORT }));
        if (outcome instanceof OptionsError) return outcome.message.endsWith('.');
        if (typeof outcome === 'string') return true;
        return outcome.port >= 1 && outcome.port <= 65_535 && !/[\s/]/.test(outcome.host);
      }),
    );
  });
});

/** What `parse` returns, or the `OptionsError` that it throws; any other error is thrown on. */
function outcomeOf<T>(parse: () => T): T | OptionsError {
  try {
    return parse();
  } catch (error) {
    if (error instanceof OptionsError) return error;
    throw error;
  }
}

test('the usage names every option', () => {
  for (const option of ['--demo', '--host', '--port', '--help', '--version']) {
    expect(usage('clusterhat')).toContain(option);
  }
});

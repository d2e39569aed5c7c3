import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { Authority, writeTlsDirectory, type KeyPair } from '@/tests/support/certificates';
import { asNobody } from '@/tests/support/nobody';
import { locateEngines } from './locate';

let home: string;
let authority: Authority;
let pair: KeyPair;

beforeAll(() => {
  authority = new Authority();
  pair = authority.issue();
});

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'clusterhat-home-'));
  return () => rmSync(home, { recursive: true, force: true });
});

const locate = (environment: Record<string, string>, sockets: string[] = []) =>
  locateEngines({ HOME: home, ...environment }, (path) => sockets.includes(path));

function write(path: string, content: unknown): string {
  const file = join(home, '.docker', path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

const idOf = (name: string) => createHash('sha256').update(name).digest('hex');

/** Writes a context as `docker context create` does. */
function context(name: string, docker: object): void {
  const meta = { Name: name, Metadata: {}, Endpoints: { docker } };
  write(`contexts/meta/${idOf(name)}/meta.json`, meta);
}

const tlsDirectory = (name: string) =>
  join(home, '.docker', 'contexts', 'tls', idOf(name), 'docker');

describe('order', () => {
  test('DOCKER_HOST before the context and every socket', () => {
    context('pi', { Host: 'ssh://pi@ctrl' });
    const environment = { DOCKER_HOST: 'tcp://ctrl:1', DOCKER_CONTEXT: 'pi' };
    expect(locate(environment, ['/var/run/docker.sock'])).toEqual([
      { address: { kind: 'tcp', host: 'ctrl', port: 1 }, source: { kind: 'DOCKER_HOST' } },
    ]);
  });

  test('the current context before every socket', () => {
    context('pi', { Host: 'ssh://pi@ctrl' });
    write('config.json', { auths: {}, currentContext: 'pi' });
    expect(locate({}, ['/var/run/docker.sock'])).toEqual([
      {
        address: { kind: 'ssh', user: 'pi', host: 'ctrl' },
        source: { kind: 'context', name: 'pi' },
      },
    ]);
  });

  test('the local sockets that exist: Docker’s own, a rootless one, Docker Desktop’s', () => {
    const desktop = join(home, '.docker/run/docker.sock');
    const all = [desktop, '/run/user/7/docker.sock', '/var/run/docker.sock'];
    const found = (environment: Record<string, string>, sockets: string[]) =>
      locate(environment, sockets).map(
        ({ address }) => 'socketPath' in address && address.socketPath,
      );
    expect(found({ XDG_RUNTIME_DIR: '/run/user/7' }, all)).toEqual(all.toReversed());
    expect(found({}, all)).toEqual(['/var/run/docker.sock', desktop]);
    expect(found({ XDG_RUNTIME_DIR: '/run/user/7' }, [desktop])).toEqual([desktop]);
  });

  test('returns none without an address or a socket', () => {
    expect(locate({ DOCKER_HOST: ' ', DOCKER_CONTEXT: '' })).toEqual([]);
  });

  test('ignores files that are not sockets', async () => {
    const run = join(home, '.docker', 'run');
    const path = join(run, 'docker.sock');
    const own = () =>
      locateEngines({ HOME: home }).filter(
        ({ address }) => address.kind === 'unix' && address.socketPath === path,
      );
    mkdirSync(path, { recursive: true });
    expect(own()).toHaveLength(0);
    rmSync(path, { recursive: true });
    const server = createServer();
    await new Promise<void>((done) => server.listen(path, done));
    onTestFinished(() => void server.close());
    expect(own()).toHaveLength(1);
  });
});

describe('the current context', () => {
  test('DOCKER_CONTEXT before config.json; "default" means none', () => {
    context('pi', { Host: 'tcp://pi:1' });
    context('lab', { Host: 'tcp://lab:1' });
    write('config.json', { currentContext: 'lab' });
    expect(locate({ DOCKER_CONTEXT: 'pi' })[0]?.source).toEqual({ kind: 'context', name: 'pi' });
    expect(locate({ DOCKER_CONTEXT: 'default' })).toEqual([]);
    write('config.json', { currentContext: 'default' });
    expect(locate({})).toEqual([]);
  });

  test('DOCKER_CONFIG sets another directory', () => {
    context('pi', { Host: 'tcp://pi:1' });
    const environment = { DOCKER_CONTEXT: 'pi', DOCKER_CONFIG: join(home, '.docker') };
    expect(locateEngines({ HOME: '/nowhere', ...environment }, () => false)).toHaveLength(1);
  });

  test('has its own TLS files', () => {
    context('pi', { Host: 'tcp://pi:2376', SkipTLSVerify: false });
    writeTlsDirectory(tlsDirectory('pi'), authority.ca, pair);
    expect(locate({ DOCKER_CONTEXT: 'pi' })[0]?.address).toEqual({
      kind: 'tls',
      host: 'pi',
      port: 2376,
      tls: { verify: true, ca: authority.ca, ...pair },
    });
  });

  test('SkipTLSVerify is TLS without verification; without it and without files there is no TLS', () => {
    context('skip', { Host: 'tcp://pi:2376', SkipTLSVerify: true });
    context('plain', { Host: 'tcp://pi:2375', SkipTLSVerify: false });
    expect(locate({ DOCKER_CONTEXT: 'skip' })[0]?.address).toMatchObject({
      tls: { verify: false },
    });
    expect(locate({ DOCKER_CONTEXT: 'plain' })[0]?.address).toMatchObject({ kind: 'tcp' });
  });

  test('does not take TLS from the environment', () => {
    context('plain', { Host: 'tcp://pi:2375' });
    const environment = { DOCKER_CONTEXT: 'plain', DOCKER_TLS_VERIFY: '1' };
    expect(locate(environment)[0]?.address).toMatchObject({ kind: 'tcp' });
  });

  test.each<[what: string, prepare: () => void, message: RegExp]>([
    ['missing', () => {}, /^The docker context "pi" does not exist: .*docker context ls/],
    [
      'not JSON',
      () => write(`contexts/meta/${idOf('pi')}/meta.json`, '{'),
      /meta\.json is not JSON\.$/,
    ],
    [
      'of another shape',
      () => write(`contexts/meta/${idOf('pi')}/meta.json`, { Endpoints: {} }),
      /meta\.json makes no sense at Endpoints\.docker\.$/,
    ],
    [
      'with an address that is none',
      () => context('pi', { Host: 'npipe:////./pipe/x' }),
      /^The engine of the docker context "pi" is "npipe:.*not supported/,
    ],
    [
      'with half a key pair',
      () => {
        context('pi', { Host: 'tcp://pi:2376' });
        writeTlsDirectory(tlsDirectory('pi'), authority.ca, pair);
        rmSync(join(tlsDirectory('pi'), 'key.pem'));
      },
      /key\.pem does not exist: repair the docker context "pi"/,
    ],
  ])('is an error and never passed over when it is %s', (_, prepare, message) => {
    prepare();
    expect(() => locate({ DOCKER_CONTEXT: 'pi' }, ['/var/run/docker.sock'])).toThrow(message);
  });

  // As docker 28.2 reads them, without a warning.
  test.each<[config: string, context: string | undefined]>([
    ['', undefined],
    [' \n', undefined],
    ['null', undefined],
    ['{"currentContext":null}', undefined],
    ['{"currentContext":""}', undefined],
    ['{"currentcontext":"pi"}', 'pi'],
    ['{"currentContext":"lab","currentContext":"pi"}', 'pi'],
    ['{"CURRENTCONTEXT":"pi","auths":7}', 'pi'],
  ])('the config.json %j names %s', (config, name) => {
    context('pi', { Host: 'tcp://pi:1' });
    write('config.json', config);
    const sources = name === undefined ? [] : [{ kind: 'context', name }];
    expect(locate({}).map(({ source }) => source)).toEqual(sources);
  });

  test.each<[docker: object, address: object]>([
    [{ host: 'tcp://pi:1' }, { kind: 'tcp', host: 'pi' }],
    [
      { Host: 'tcp://pi:1', SkipTLSVerify: null },
      { kind: 'tcp', host: 'pi' },
    ],
    [{}, { kind: 'unix', socketPath: '/var/run/docker.sock' }],
    [{ Host: null }, { kind: 'unix', socketPath: '/var/run/docker.sock' }],
    [{ Host: '' }, { kind: 'unix', socketPath: '/var/run/docker.sock' }],
  ])('the endpoint %j is read as by docker 28.2', (docker, address) => {
    context('pi', docker);
    expect(locate({ DOCKER_CONTEXT: 'pi' })[0]?.address).toMatchObject(address);
  });

  test('rejects a config.json that is not JSON, and ignores one that this user may not read', () => {
    write('config.json', '{ "currentContext": ');
    expect(() => locate({})).toThrow(/config\.json is not JSON\.$/);
    write('config.json', { currentContext: 7 });
    expect(() => locate({})).toThrow(/config\.json makes no sense at currentContext\.$/);
    rmSync(join(home, '.docker', 'config.json'));
    // Reading a directory fails for root too.
    mkdirSync(join(home, '.docker', 'config.json'));
    expect(locate({})).toEqual([]);
  });
});

describe('TLS from the environment', () => {
  const tcp = (environment: Record<string, string>) =>
    locate({ DOCKER_HOST: 'tcp://ctrl', ...environment })[0]?.address;

  test('DOCKER_TLS_VERIFY with the files of DOCKER_CERT_PATH', () => {
    const DOCKER_CERT_PATH = join(home, 'certificates');
    writeTlsDirectory(DOCKER_CERT_PATH, authority.ca, pair);
    expect(tcp({ DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH })).toEqual({
      kind: 'tls',
      host: 'ctrl',
      port: 2376,
      tls: { verify: true, ca: authority.ca, ...pair },
    });
    expect(tcp({ DOCKER_CERT_PATH })).toMatchObject({ kind: 'tcp' });
  });

  test('without DOCKER_CERT_PATH the files of ~/.docker, or of DOCKER_CONFIG', () => {
    writeTlsDirectory(join(home, '.docker'), authority.ca, pair);
    expect(tcp({ DOCKER_TLS_VERIFY: '0' })).toMatchObject({ tls: { verify: true, ...pair } });
    writeTlsDirectory(join(home, 'other'), authority.ca, pair);
    rmSync(join(home, '.docker'), { recursive: true });
    const DOCKER_CONFIG = join(home, 'other');
    expect(tcp({ DOCKER_TLS_VERIFY: '1', DOCKER_CONFIG })).toMatchObject({ tls: pair });
  });

  test('DOCKER_TLS does not verify, and needs no files', () => {
    expect(tcp({ DOCKER_TLS: '1' })).toMatchObject({ kind: 'tls', tls: { verify: false } });
  });

  test('needs no client certificate', () => {
    const DOCKER_CERT_PATH = join(home, 'ca-only');
    mkdirSync(DOCKER_CERT_PATH);
    writeFileSync(join(DOCKER_CERT_PATH, 'ca.pem'), authority.ca);
    expect(tcp({ DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH })).toMatchObject({
      tls: { verify: true, ca: authority.ca },
    });
  });

  test.each<[what: string, spoil: (directory: string) => void, words: RegExp]>([
    ['no ca.pem', (at) => rmSync(join(at, 'ca.pem')), /ca\.pem does not exist: DOCKER_CERT_PATH/],
    [
      'no key.pem',
      (at) => rmSync(join(at, 'key.pem')),
      /key\.pem does not exist: DOCKER_CERT_PATH/,
    ],
    [
      'no cert.pem',
      (at) => rmSync(join(at, 'cert.pem')),
      /cert\.pem does not exist: DOCKER_CERT_PATH/,
    ],
    [
      'no directory',
      (at) => rmSync(at, { recursive: true }),
      /ca\.pem does not exist: DOCKER_CERT_PATH/,
    ],
    [
      'a directory in the place of a file',
      (at) => {
        rmSync(join(at, 'cert.pem'));
        mkdirSync(join(at, 'cert.pem'));
      },
      /cert\.pem cannot be read, as it is a directory: DOCKER_CERT_PATH/,
    ],
    [
      'a key of another certificate',
      (at) => writeFileSync(join(at, 'key.pem'), authority.issue().key),
      /^The TLS files in .* cannot be used \(.*\): DOCKER_CERT_PATH/,
    ],
  ])('%s: one sentence with the file and the variable', (_, spoil, words) => {
    const DOCKER_CERT_PATH = join(home, 'certificates');
    writeTlsDirectory(DOCKER_CERT_PATH, authority.ca, pair);
    spoil(DOCKER_CERT_PATH);
    expect(() => tcp({ DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH })).toThrow(words);
  });

  test('a file that this user may not read', async () => {
    const DOCKER_CERT_PATH = join(home, 'certificates');
    writeTlsDirectory(DOCKER_CERT_PATH, authority.ca, pair);
    chmodSync(home, 0o755);
    chmodSync(join(DOCKER_CERT_PATH, 'key.pem'), 0);
    await asNobody(() => {
      expect(() => tcp({ DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH })).toThrow(
        /key\.pem cannot be read, as this user may not read it: DOCKER_CERT_PATH/,
      );
    });
  });
});

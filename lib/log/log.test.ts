import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { jsonLine, plainLine } from './format';
import { flushLog, log, logChange, logRefused, logs } from './index';

const TIME = new Date(0);
let lines: string[] = [];

beforeEach(() => {
  lines = [];
  vi.useFakeTimers();
  vi.stubEnv('LOG_FORMAT', 'json');
  vi.stubEnv('LOG_LEVEL', 'info');
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => {
    lines.push(String(line));
    return true;
  });
});
afterEach(() => {
  flushLog();
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

const written = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>);
const CHANGE = {
  action: 'scale',
  role: 'operator',
  client: '192.168.1.5',
  method: 'POST',
  route: '/api/services/[name]/scale',
  service: 'goweb',
  command: 'docker service scale goweb=5',
  outcome: 'ok',
  status: 202,
  ms: 12.4,
};
const REFUSED = {
  kind: 'wrong-password',
  method: 'POST',
  path: '/api/session',
  client: '192.168.1.9',
  status: 401,
};

test('writes a change as one line with role, action, command, outcome and duration', () => {
  logChange(CHANGE);
  expect(written()).toEqual([
    { time: expect.any(String), level: 'info', event: 'change', ...CHANGE, ms: 12 },
  ]);
});

test('writes a failed change as a warning; LOG_LEVEL filters', () => {
  vi.stubEnv('LOG_LEVEL', 'warn');
  logChange(CHANGE);
  logChange({ ...CHANGE, outcome: 'no-quorum', status: 503 });
  expect(written().map(({ level, outcome }) => [level, outcome])).toEqual([['warn', 'no-quorum']]);
  expect(logs('debug', { LOG_LEVEL: 'debug' })).toBe(true);
  expect(logs('debug', {})).toBe(false);
  expect(logs('info', { LOG_LEVEL: 'loud' })).toBe(true);
});

test('writes sentences on a terminal and with LOG_FORMAT=plain', () => {
  vi.stubEnv('LOG_FORMAT', 'plain');
  logChange(CHANGE);
  expect(lines[0]).toMatch(
    /^\d\d:\d\d:\d\d scale \(docker service scale goweb=5\) by operator at 192\.168\.1\.5: ok in 12 ms\n$/,
  );
  vi.stubEnv('LOG_FORMAT', 'auto');
  const { isTTY } = process.stdout;
  process.stdout.isTTY = true;
  onTestFinished(() => void (process.stdout.isTTY = isTTY));
  logRefused(REFUSED);
  expect(lines[1]).toMatch(
    /warn: refused POST \/api\/session from 192\.168\.1\.9: wrong-password \(401\)\n$/,
  );
});

test('escapes line breaks, control characters and text direction marks', () => {
  const evil = 'a\nb\r\u001b[2J\u009b31m\u2028\u202e"\\\u007f\ud800';
  for (const line of [
    jsonLine(TIME, 'info', 'change', { action: evil }),
    plainLine(TIME, 'info', 'change', { action: evil, outcome: evil }),
  ]) {
    expect(line.slice(0, -1)).not.toMatch(/[\p{Cc}\p{Cs}\p{Bidi_Control}\u2028\u2029]/u);
  }
  expect(JSON.parse(jsonLine(TIME, 'info', 'x', { action: evil }))).toMatchObject({ action: evil });
});

test('property: any text makes one line of JSON that parses to the same text, up to its cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 1, maxLength: 300 }),
      (codes) => {
        const text = String.fromCharCode(...codes);
        const line = jsonLine(TIME, 'info', 'refused', { path: text });
        expect(line.indexOf('\n')).toBe(line.length - 1);
        const { path } = JSON.parse(line) as { path: string };
        expect(path).toBe(text.length > 200 ? `${text.slice(0, 200)}…` : text);
      },
    ),
  );
  expect(jsonLine(TIME, 'info', 'x', { path: 'x'.repeat(1_000_000) }).length).toBeLessThan(400);
});

test('writes the first refusal of each kind and client, then a count', () => {
  for (let n = 0; n < 5000; n++) logRefused(REFUSED);
  logRefused({ ...REFUSED, client: '192.168.1.10' });
  expect(written().map(({ client, more }) => [client, more])).toEqual([
    ['192.168.1.9', undefined],
    ['192.168.1.10', undefined],
  ]);
  vi.advanceTimersByTime(60_000);
  expect(written().slice(2)).toEqual([expect.objectContaining({ ...REFUSED, more: 4999 })]);
  logRefused(REFUSED);
  expect(lines).toHaveLength(4);
});

test('writes the first of equal failed changes, then a count; each of others', () => {
  const failed = { ...CHANGE, action: 'start run', outcome: 'run-in-progress', status: 409 };
  for (let n = 0; n < 50; n++) logChange(failed);
  logChange({ ...failed, client: '192.168.1.6' });
  for (let n = 0; n < 3; n++) logChange(CHANGE);
  vi.advanceTimersByTime(60_000);
  expect(written().map(({ outcome, client, more }) => [outcome, client, more])).toEqual([
    ['run-in-progress', '192.168.1.5', undefined],
    ['run-in-progress', '192.168.1.6', undefined],
    ...Array.from({ length: 3 }, () => ['ok', '192.168.1.5', undefined]),
    ['run-in-progress', '192.168.1.5', 49],
  ]);
});

test('writes every change that the engine may have executed', () => {
  for (const replicas of [3, 5, 5]) {
    const command = `docker service scale goweb=${replicas}`;
    // A user whose session has ended counts as a reader.
    const role = replicas === 3 ? 'operator' : 'reader';
    logChange({ ...CHANGE, command, role, outcome: 'engine-timeout', status: 504 });
  }
  expect(written().map(({ command }) => command)).toEqual(
    [3, 5, 5].map((replicas) => `docker service scale goweb=${replicas}`),
  );
});

test('treats refused changes as equal only with the same role, service, node and command', () => {
  const failed = { ...CHANGE, outcome: 'not-scalable', status: 422 };
  const others = [
    { service: 'whoami' },
    { node: 'zero1' },
    { command: 'docker service scale goweb=6' },
    { role: 'guest' },
  ];
  for (const other of [{}, ...others, {}]) logChange({ ...failed, ...other, ms: 1 });
  expect(lines).toHaveLength(5);
});

test('writes an operator’s failed change during floods of refusals or by guests', () => {
  for (let n = 0; n < 200; n++) {
    logRefused({ ...REFUSED, client: `10.0.0.${n}` });
    const run = { ...CHANGE, action: 'start run', role: 'guest', command: undefined };
    logChange({ ...run, path: `/${n}`, outcome: 'run-in-progress', status: 409 });
  }
  const failed = { ...CHANGE, outcome: 'conflict', status: 409 };
  logChange(failed);
  expect(written().at(-1)).toMatchObject({ ...failed, ms: 12 });
});

test.each([
  ['sign in', 'operator'],
  ['sign out', 'operator'],
  ['sign in', 'guest'],
  ['stop run', 'guest'],
])('writes the first “%s” by one %s, then a count', (action, role) => {
  const done = { ...CHANGE, action, role, service: undefined, command: undefined, status: 200 };
  for (let n = 0; n < 1000; n++) logChange({ ...done, ms: n });
  logChange({ ...done, client: '192.168.1.6' });
  expect(lines).toHaveLength(2);
  vi.advanceTimersByTime(60_000);
  expect(written().map(({ level, client, more }) => [level, client, more])).toEqual([
    ['info', '192.168.1.5', undefined],
    ['info', '192.168.1.6', undefined],
    ['info', '192.168.1.5', 999],
  ]);
});

test('writes at most 122 lines a minute for a flood by guests', () => {
  for (let n = 0; n < 5000; n++) {
    const run = { ...CHANGE, action: 'start run', role: 'guest', command: undefined };
    logChange({ ...run, path: `/${n}` });
  }
  vi.advanceTimersByTime(60_000);
  expect(lines.length).toBeLessThanOrEqual(122);
  expect(written().reduce((sum, { more }) => sum + (Number(more) || 1), 0)).toBe(5000);
  expect(written().at(-1)).toMatchObject({ event: 'change', action: 'several', role: 'guest' });
});

test('writes a run as a sentence with its address, plan and role', () => {
  vi.stubEnv('LOG_FORMAT', 'plain');
  logChange({
    ...CHANGE,
    action: 'start run',
    command: undefined,
    port: 8888,
    path: '/Hello!',
    node: 'ctrl',
    plan: '5/s × 30 s',
  });
  expect(lines[0]).toMatch(
    / start run of goweb:8888\/Hello! on ctrl \(5\/s × 30 s\) by operator at 192\.168\.1\.5: ok in 12 ms\n$/,
  );
});

test('writes at most 42 lines a minute for a flood from 10,000 addresses', () => {
  for (let round = 0; round < 2; round++) {
    for (let n = 0; n < 10_000; n++)
      logRefused({ ...REFUSED, client: `10.0.${n >> 8}.${n & 255}` });
  }
  vi.advanceTimersByTime(60_000);
  expect(lines.length).toBeLessThanOrEqual(42);
  const counted = written().reduce((sum, { more }) => sum + (Number(more) || 1), 0);
  expect(counted).toBe(20_000);
});

test('a closed standard output does not break the request', () => {
  vi.spyOn(process.stdout, 'write').mockImplementation(() => {
    throw new Error('EPIPE');
  });
  expect(() => log('info', 'start')).not.toThrow();
});

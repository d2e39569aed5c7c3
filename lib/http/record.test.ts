import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { problemSchema } from '../api';
import { runRequestSchema } from '../curl/run-schemas';
import { flushLog } from '../log';
import { counters, resetCounters } from '../observe/counters';
import { guardChange, note, noteOfRun, problemResponse, recorded } from './index';

type Line = Record<string, unknown>;
let lines: Line[] = [];

beforeEach(() => {
  resetCounters();
  lines = [];
  vi.stubEnv('LOG_FORMAT', 'json');
  vi.stubEnv('LOG_LEVEL', 'info');
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => {
    lines.push(JSON.parse(String(line)) as Line);
    return true;
  });
  onTestFinished(() => {
    flushLog();
    vi.unstubAllEnvs();
  });
});

const refusals = () =>
  [...counters().refused.values()].map(({ labels, value }) => [labels['kind'], value]);
const aRequest = () =>
  new Request('http://127.0.0.1/api/services/goweb/scale?password=canary', {
    method: 'POST',
    headers: {
      host: '127.0.0.1',
      authorization: 'Bearer canary',
      cookie: 'session=canary',
      'x-clusterhat-client': '192.168.1.5',
    },
  });
const ROUTE = '/api/services/[name]/scale';
const noted = { service: 'goweb', command: 'docker service scale goweb=5' };

test('writes a change as one line with role, action, command and outcome', async () => {
  const scale = recorded('scale', ROUTE, (request) => {
    note(request, { ...noted, role: 'operator' });
    return Response.json({}, { status: 202 });
  });
  await scale(aRequest());
  expect(lines).toEqual([
    expect.objectContaining({
      level: 'info',
      event: 'change',
      action: 'scale',
      role: 'operator',
      client: '192.168.1.5',
      method: 'POST',
      route: ROUTE,
      ...noted,
      outcome: 'ok',
      status: 202,
    }),
  ]);
  expect(refusals()).toEqual([]);
});

test('writes a change that the engine refuses, with the problem’s kind', async () => {
  const scale = recorded('scale', ROUTE, (request) => {
    note(request, noted);
    return problemResponse('no-quorum', 'No leader.');
  });
  await scale(aRequest());
  expect(lines).toEqual([
    expect.objectContaining({ level: 'warn', event: 'change', outcome: 'no-quorum', status: 503 }),
  ]);
  expect(refusals()).toEqual([['no-quorum', 1]]);
});

test('writes nothing for a request that changed nothing', async () => {
  await recorded('sign out', '/api/session', () => new Response(null, { status: 204 }))(aRequest());
  expect(lines).toEqual([]);
});

test('counts and writes a refused request once, without its query', async () => {
  const scale = recorded(
    'scale',
    ROUTE,
    (request) => guardChange(request) ?? Response.json({}, { status: 202 }),
  );
  const response = await scale(aRequest());
  const { kind, status } = problemSchema.parse(await response.json());
  expect(status).toBe(response.status);
  expect(lines).toEqual([
    expect.objectContaining({
      event: 'refused',
      kind,
      method: 'POST',
      path: '/api/services/goweb/scale',
      client: '192.168.1.5',
      status,
    }),
  ]);
  expect(refusals()).toEqual([[kind, 1]]);
});

test('writes a refused request with its sender’s role, if known', async () => {
  await recorded(
    'scale',
    ROUTE,
    (request) => guardChange(request) ?? Response.json({}),
  )(aRequest());
  expect(lines).toEqual([expect.objectContaining({ event: 'refused', role: 'reader' })]);
});

test('writes a run with its address and plan, without its path’s query', () => {
  const run = { service: 'goweb', publishedPort: 8888, entryNode: 'ctrl' };
  expect(noteOfRun(runRequestSchema.parse({ ...run, path: '/a?token=canary' }))).toEqual({
    service: 'goweb',
    node: 'ctrl',
    port: 8888,
    path: '/a',
    plan: '5/s × 30 s',
  });
});

test('writes a defect and rethrows it', async () => {
  const scale = recorded('scale', ROUTE, () => {
    throw new TypeError('oops');
  });
  await expect(scale(aRequest())).rejects.toThrow('oops');
  expect(lines).toEqual([expect.objectContaining({ event: 'change', outcome: 'defect' })]);
});

test('writes no header and no query of a request', async () => {
  const answers = [
    (request: Request) => {
      note(request, noted);
      return Response.json({});
    },
    () => problemResponse('wrong-password', 'Wrong.'),
    () => problemResponse('bad-request', 'Bad.'),
  ];
  for (const answer of answers) await recorded('sign in', '/api/session', answer)(aRequest());
  expect(lines).toHaveLength(3);
  expect(JSON.stringify(lines)).not.toContain('canary');
});

test('every changing route is recorded', () => {
  const app = join(import.meta.dirname, '../../app');
  const routes = readdirSync(app, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('route.ts'),
  );
  const changing = routes.flatMap((file) =>
    [
      ...readFileSync(join(app, file), 'utf8').matchAll(
        /^export .*\b(?:POST|PUT|PATCH|DELETE)\b.*$/gm,
      ),
    ].map(([line]) => ({ file, line })),
  );
  expect(changing.length).toBeGreaterThan(7);
  expect(changing.filter(({ line }) => !line.includes('= recorded('))).toEqual([]);
});

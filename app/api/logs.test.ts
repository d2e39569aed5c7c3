import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { eventually } from '@/tests/support/eventually';
import { problemSchema } from '@/lib/api';
import { EngineError } from '@/lib/engine';
import { Feed } from '@/lib/live';
import { logMessageSchema, type LogMessage } from '@/lib/swarm/logs/messages';
import { anEngineTask, NODE, ScriptedEngine } from '@/tests/factories/engine';
import { aLogLine } from '@/tests/factories/logs';
import { GET as getService, HEAD } from './services/[name]/logs/route';
import { GET as getTask } from './tasks/[id]/logs/route';

const HOST = '127.0.0.1:3000';
const scope = globalThis as Record<symbol, unknown>;
let engine: ScriptedEngine;
let leave: AbortController;

beforeEach(() => {
  vi.stubEnv('HOSTNAME', '127.0.0.1');
  engine = new ScriptedEngine();
  engine.tasks = [anEngineTask(1), anEngineTask(2, { NodeID: 'id-zero1' })];
  const zero1 = { ...NODE, ID: 'id-zero1', Description: { Hostname: 'zero1' } };
  const down = { ...zero1, Status: { State: 'down', Message: '', Addr: '10.0.0.2' } } as const;
  engine.nodes = [{ ...NODE, Description: { Hostname: 'ctrl' } }, down];
  leave = new AbortController();
  scope[Symbol.for('clusterhat.engine')] = engine.engine;
  scope[Symbol.for('clusterhat.feed')] = new Feed(engine.engine, { hat: [], echoService: 'goweb' });
});
afterEach(() => {
  leave.abort();
  for (const name of ['engine', 'feed', 'logs']) {
    const key = Symbol.for(`clusterhat.${name}`);
    if (name === 'logs') (scope[key] as { close(): void } | undefined)?.close();
    delete scope[key];
  }
  vi.unstubAllEnvs();
});

const request = (query = '', headers: Record<string, string> = {}) =>
  new Request(`http://${HOST}/api/services/goweb/logs${query}`, {
    headers: { host: HOST, ...headers },
    signal: leave.signal,
  });
const ofService = (query?: string, headers?: Record<string, string>, name = 'goweb') =>
  getService(request(query, headers), { params: Promise.resolve({ name }) });
const ofTask = (id: string, query?: string) =>
  getTask(request(query), { params: Promise.resolve({ id }) });
const problem = async (response: Response) => {
  const { kind, detail } = problemSchema.parse(await response.json());
  return { status: response.status, kind, detail };
};

/** Reads what has arrived of a stream, until `enough`. */
async function readUntil(response: Response, enough: (text: string) => boolean): Promise<string> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (!enough(text)) {
    const { value, done } = (await reader?.read()) ?? { done: true };
    if (done) break;
    text += value;
  }
  void reader?.cancel();
  return text;
}

describe('as text', () => {
  test('is the whole log in order of time, with names and what is missing, as a download', async () => {
    const answer = ofService();
    await eventually(() => expect(engine.logs.streams).toHaveLength(1));
    const { last } = engine.logs;
    expect(last).toMatchObject({
      target: { kind: 'service', id: 'id-goweb' },
      options: { follow: false, tail: null, since: null },
    });
    last.send(aLogLine(2), aLogLine(3));
    last.send(aLogLine(1, { taskId: 'task-old' }), { kind: 'failure', text: 'incomplete' });
    last.end();
    const response = await answer;
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'content-disposition': 'attachment; filename="goweb.log"',
      'x-content-type-options': 'nosniff',
    });
    expect(await response.text()).toBe(
      [
        '# zero1 is down: its lines are missing.',
        `${aLogLine(1).time} task-old@ctrl    | line 1`,
        `${aLogLine(2).time} goweb.1.task-1@ctrl    | line 2`,
        `${aLogLine(3).time} goweb.1.task-1@ctrl    | line 3`,
        '# incomplete',
        '',
      ].join('\n'),
    );
  });

  test('of a task, with its options', async () => {
    const answer = ofTask('goweb.2', '?tail=5&since=1767268800000');
    await eventually(() => expect(engine.logs.streams).toHaveLength(1));
    expect(engine.logs.last).toMatchObject({
      target: { kind: 'task', id: 'task-2' },
      options: { follow: false, tail: 5, since: '2026-01-01T12:00:00.000Z' },
    });
    engine.logs.last.end();
    const response = await answer;
    expect(await response.text()).toBe('# zero1 is down: its lines are missing.\n');
    expect(response.headers.get('content-disposition')).toContain('"goweb.2.log"');
  });

  test('followed', async () => {
    const response = await ofService('?follow=1&tail=7');
    await eventually(() => expect(engine.logs.streams).toHaveLength(1));
    expect(engine.logs.last.options).toEqual({ follow: true, tail: 7, since: null });
    engine.logs.last.send(aLogLine(1));
    const text = await readUntil(response, (all) => all.includes('line 1'));
    expect(text).toContain('goweb.1.task-1@ctrl    | line 1\n');
    expect(text).toContain('# zero1 is down');
    expect(response.headers.get('content-disposition')).toBeNull();
  });

  test('ends the engine’s stream when its reader leaves', async () => {
    const response = await ofService();
    const { signal } = engine.logs.last;
    await response.body?.cancel();
    expect(signal.aborted).toBe(true);
  });
});

describe('a part of a log as text', () => {
  const linesOf = async (answer: Promise<Response>) => {
    await eventually(() => expect(engine.logs.streams).toHaveLength(1));
    engine.logs.last.send(
      aLogLine(1, { text: 'GET /a 200' }),
      aLogLine(2, { text: 'get /b 404', nodeId: 'id-zero1', taskId: 'task-2' }),
      aLogLine(3, { text: 'listens', nodeId: 'id-zero1', taskId: 'task-2' }),
      { kind: 'failure', text: 'incomplete' },
    );
    engine.logs.last.end();
    const response = await answer;
    const text = await response.text();
    return {
      lines: text.split('\n').map((line) => line.replace(/^.* {4}\| /, '')),
      file: response.headers.get('content-disposition'),
    };
  };

  test('of a task is read from that task', async () => {
    const answer = ofService('?task=goweb.2&tail=9');
    const { file } = await linesOf(answer);
    expect(engine.logs.last).toMatchObject({
      target: { kind: 'task', id: 'task-2' },
      options: { tail: 9 },
    });
    expect(file).toBe('attachment; filename="goweb.2.log"');
  });

  test('of a node that is ready has its lines, and what the engine could not read', async () => {
    expect(await linesOf(ofService('?node=ctrl'))).toEqual({
      lines: ['GET /a 200', '# incomplete', ''],
      file: 'attachment; filename="goweb-ctrl.log"',
    });
  });

  test('of a node that is down says that lines are missing; text in upper or lower case', async () => {
    expect(await linesOf(ofService('?node=zero1&search=GET%20%2F'))).toEqual({
      lines: ['# zero1 is down: its lines are missing.', 'get /b 404', '# incomplete', ''],
      file: 'attachment; filename="goweb-zero1-matches.log"',
    });
  });

  test('followed', async () => {
    const response = await ofService('?follow=1&search=%2Fb&node=zero1');
    await eventually(() => expect(engine.logs.streams).toHaveLength(1));
    engine.logs.last.send(
      aLogLine(1, { text: '/b of another node' }),
      aLogLine(2, { text: '/b', nodeId: 'id-zero1' }),
    );
    const text = await readUntil(response, (all) => all.includes('| /b'));
    expect(text).toContain('@zero1    | /b\n');
    expect(text).not.toContain('another node');
  });

  test.each([
    ['a task of no service', () => ofService('?task=other.1'), 404, 'not-found'],
    ['an unknown node', () => ofService('?node=zero9'), 404, 'not-found'],
    ['a task of a task', () => ofTask('goweb.2', '?task=goweb.2'), 400, 'bad-request'],
    ['events', () => ofService('?format=events&node=ctrl'), 400, 'bad-request'],
  ] as const)('refuses %s', async (_, send, status, kind) => {
    expect(await problem(await send())).toMatchObject({ status, kind });
    expect(engine.logs.streams).toEqual([]);
  });
});

test('as events: state and entries', async () => {
  const response = await ofService('', { accept: 'text/event-stream' });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  await eventually(() => expect(engine.logs.streams).toHaveLength(1));
  engine.logs.last.send(aLogLine(1));
  const text = await readUntil(response, (all) => all.includes('line 1'));
  const messages: LogMessage[] = [...text.matchAll(/^data: (.*)$/gm)].map(([, json = '']) =>
    logMessageSchema.parse(JSON.parse(json)),
  );
  expect(messages[0]).toMatchObject({ kind: 'state', missing: [{ name: 'zero1', state: 'down' }] });
  expect(messages.at(-1)).toMatchObject({ kind: 'entries', entries: [{ kind: 'line', n: 0 }] });
});

test.each([
  ['an unknown service', () => ofService('', {}, 'nosuch'), 404, 'not-found'],
  ['an unknown task', () => ofTask('nosuch'), 404, 'not-found'],
  ['a query that is wrong', () => ofService('?tail=x'), 400, 'bad-request'],
] as const)('refuses %s', async (_, send, status, kind) => {
  expect(await problem(await send())).toMatchObject({ status, kind });
  expect(engine.logs.streams).toEqual([]);
});

test('an error of the engine is the answer', async () => {
  engine.logs.error = new EngineError('engine-refused', 'A proxy refuses logs.');
  expect(await problem(await ofService())).toEqual({
    status: 422,
    kind: 'engine-refused',
    detail: 'A proxy refuses logs.',
  });
  expect((await ofService('?follow=1')).status).toBe(422);
  // Its place is free again.
  for (let n = 0; n < 6; n += 1) expect((await ofService()).status).toBe(422);
});

test('at most four are read as a whole at once', async () => {
  const open = await Promise.all(Array.from({ length: 4 }, () => ofService()));
  expect(open.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  const fifth = await ofService();
  expect([fifth.status, fifth.headers.get('retry-after')]).toEqual([503, '15']);
  await open[0]?.body?.cancel();
  expect((await ofService()).status).toBe(200);
});

const head = (query = '', headers: Record<string, string> = {}, name = 'goweb') => {
  const { url, headers: all } = request(query, headers);
  const one = new Request(url, { method: 'HEAD', headers: all });
  return HEAD(one, { params: Promise.resolve({ name }) });
};

test.each(['', '?task=goweb.2&search=x'])('HEAD has every header of GET: %s', async (query) => {
  const answer = ofService(query);
  await eventually(() => expect(engine.logs.streams).toHaveLength(1));
  engine.logs.last.end();
  const headers = Object.fromEntries((await answer).headers);
  expect(Object.fromEntries((await head(query)).headers)).toEqual(headers);
});

test.each(['?follow=1', '?format=events'])('HEAD has every header of GET: %s', async (query) => {
  const headers = Object.fromEntries((await ofService(query)).headers);
  expect(Object.fromEntries((await head(query)).headers)).toEqual(headers);
});

test('HEAD has the status and headers of GET, and opens nothing', async () => {
  const events = await head('', { accept: 'text/event-stream' });
  expect([events.status, events.body]).toEqual([200, null]);
  expect(events.headers.get('content-type')).toContain('text/event-stream');
  expect((await head()).headers.get('content-type')).toContain('text/plain');
  expect((await head('', {}, 'nosuch')).status).toBe(404);
  expect((await head('?tail=x')).status).toBe(400);
  expect(engine.logs.streams).toEqual([]);
});

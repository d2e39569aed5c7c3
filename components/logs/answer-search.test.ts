import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { BUILD, BUILD_HEADER } from '@/lib/build';
import { AnswerSearch } from './answer-search';
import { LogList, type NewListEntry } from './log-list';
import type { LogSnapshot } from './log-session';
import type { WantedAnswer } from './log-target';

const FIND = '3f2a9c1e-1';
const ANSWER: WantedAnswer = {
  n: 1,
  since: 1_000_000,
  taskId: 'task-2',
  task: 'goweb.2',
  node: 'zero1',
  answered: true,
};

const line = (id: string): NewListEntry => ({
  kind: 'line',
  time: '2026-01-01T12:00:00.000000000Z',
  taskId: 'task-2',
  nodeId: 'node-1',
  stream: 'stdout',
  text: `GET / 200 id=${id} from=10.0.0.2`,
  cut: false,
});
const textLine = (id: string) =>
  `2026-01-01T12:00:00.000000000Z goweb.2.task-2@zero1    | GET / 200 id=${id} from=10.0.0.2\n`;

/** A session whose list a test fills. */
class ScriptedSession {
  readonly list = new LogList();
  hasHistory = false;
  missing: { nodeId: string; name: string; state: 'down'; since: number }[] = [];
  readonly #listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };
  readonly current = (): LogSnapshot => ({
    ...this.list.snapshot,
    link: 'open',
    problem: null,
    log: { state: 'live', problem: null, missing: this.missing },
    hasHistory: this.hasHistory,
  });
  addOlder(entries: readonly NewListEntry[]): number {
    return this.list.addOlder(entries);
  }
  set(
    change: Partial<Pick<ScriptedSession, 'hasHistory' | 'missing'>>,
    entries: NewListEntry[] = [],
  ) {
    Object.assign(this, change);
    this.list.add(entries);
    for (const listener of this.#listeners) listener();
  }
}

let session: ScriptedSession;
let leave = () => {};
const requests: string[] = [];
/** The answers to the next requests. */
let answers: (() => Response)[] = [];
const log = (text: string) => () => new Response(text, { headers: { [BUILD_HEADER]: BUILD } });
const problem = (status: number, kind: string) => () =>
  new Response(JSON.stringify({ kind, detail: 'No task has this id.', next: 'Look.' }), { status });

const begin = (answer: Partial<WantedAnswer> = {}) => {
  const wanted = { of: { service: 'id-goweb' }, find: FIND, answer: { ...ANSWER, ...answer } };
  const search = new AnswerSearch(wanted, session);
  leave = search.subscribe(() => {});
  return search;
};
const settled = (search: AnswerSearch) =>
  vi.waitFor(() => expect(['found', 'none']).toContain(search.current().state));

beforeEach(() => {
  session = new ScriptedSession();
  requests.length = 0;
  answers = [];
  vi.stubGlobal('fetch', (path: string) => {
    requests.push(path);
    return Promise.resolve((answers.shift() ?? log(''))());
  });
});
afterEach(() => {
  leave();
  vi.unstubAllGlobals();
});

describe('the line of an answer', () => {
  test('is found among the lines, at once or when it comes', () => {
    session.list.add([line('3f2a9c1e-17'), line('3f2a9c1e-1')]);
    expect(begin().current()).toEqual({ state: 'found', id: 2 });
    session = new ScriptedSession();
    const search = begin();
    expect(search.current()).toEqual({ state: 'waiting' });
    session.set({}, [line('3f2a9c1e-17'), line('3f2a9c1e-1')]);
    expect(search.current()).toEqual({ state: 'found', id: 2 });
    expect(requests).toEqual([]);
  });

  test('is found in the whole log of its task, and added with those around it', async () => {
    answers = [log(textLine('3f2a9c1e-17') + textLine(FIND) + textLine('3f2a9c1e-2'))];
    session.list.add([line('3f2a9c1e-900')]);
    const search = begin();
    session.set({ hasHistory: true });
    await settled(search);
    // Before it a note and the line of the other answer.
    expect(search.current()).toEqual({ state: 'found', id: -2 });
    const texts = session.list.snapshot.blocks.flatMap(({ entries }) =>
      entries.map(({ text }) => text),
    );
    expect(texts).toHaveLength(6);
    expect(texts[2]).toBe(`GET / 200 id=${FIND} from=10.0.0.2`);
    expect(requests).toEqual(['api/tasks/task-2/logs?format=text&since=940000']);
  });

  test('is searched from the begin where a node’s clock is wrong', async () => {
    answers = [log(''), log(textLine(FIND))];
    const search = begin({ taskId: null });
    session.set({ hasHistory: true });
    await settled(search);
    expect(search.current()).toMatchObject({ state: 'found' });
    expect(requests[1]).toBe('api/services/id-goweb/logs?format=text');
  });
});

describe('without a line it says why:', () => {
  const cases: [string, Partial<WantedAnswer>, (() => Response)[], RegExp][] = [
    [
      'the image writes no ids',
      {},
      [log('x'), log('T goweb.2.a@b  | GET /\n')],
      /has no request ids/,
    ],
    ['the log is empty', {}, [log(''), log('')], /^The log of goweb\.2 is empty: its log driver/],
    [
      'the engine cannot read it',
      {},
      [log(''), log('# configured logging driver does not support reading.\n')],
      /is empty: configured logging driver does not support reading/,
    ],
    ['the log begins later', {}, [log(''), log(textLine('3f2a9c1e-900'))], /keeps only the latest/],
    ['the task was removed', {}, [problem(404, 'not-found')], /^Swarm has removed goweb\.2 that/],
    ['the request failed', { answered: false }, [log('')], /^The request got no answer/],
    ['another problem', {}, [problem(503, 'busy')], /^No task has this id\. Look\.$/],
  ];
  test.each(cases)('%s', async (_, answer, responses, why) => {
    answers = responses;
    const search = begin(answer);
    session.set({ hasHistory: true });
    await settled(search);
    expect(search.current()).toMatchObject({ state: 'none', why: expect.stringMatching(why) });
  });

  test('its node is down', async () => {
    const zero1 = { nodeId: 'node-1', name: 'zero1', state: 'down' as const, since: 0 };
    const search = begin();
    session.set({ hasHistory: true, missing: [zero1] });
    await settled(search);
    expect(search.current()).toEqual({
      state: 'none',
      why: 'zero1 is down: its lines are missing.',
    });
  });
});

import { describe, expect, test } from 'vitest';
import type { ShownProblem } from '@/lib/client/request';
import type { LogState } from './log-intake';
import { eventsPath, rangeOfAnswer, textPath, type LogRange } from './log-target';
import { answerWords, countText, fullTime, lineTime, statusWords } from './log-words';

const LIVE: LogState = { state: 'live', problem: null, missing: [] };
const words = (log: Partial<LogState>, following = true) =>
  statusWords({ link: 'open', problem: null, log: { ...LIVE, ...log }, following }, 'service');

describe('the state of a log', () => {
  test('is the server’s refusal, with what to do', () => {
    const problem = {
      detail: 'Too many logs are being followed.',
      next: 'Close some of them, or wait.',
    };
    expect(
      statusWords(
        { link: 'refused', problem: problem as ShownProblem, log: LIVE, following: true },
        'task',
      ),
    ).toEqual({ tone: 'bad', text: problem.detail, next: problem.next });
  });

  test('names the nodes whose lines are missing', () => {
    const node = (name: string) => ({ nodeId: name, name, state: 'down' as const, since: 0 });
    expect(words({ missing: [node('zero3'), node('zero4')] })).toMatchObject({
      tone: 'warn',
      text: 'zero3 is down: its lines are missing. zero4 is down: its lines are missing.',
    });
    expect(words({})).toEqual({ tone: 'ok', text: 'Live' });
  });

  test('is not live while it is paused, and says whose lines are missing all the same', () => {
    expect(words({}, false)).toEqual({ tone: 'off', text: 'Paused' });
    const node = { nodeId: 'n', name: 'zero3', state: 'down' as const, since: 0 };
    expect(words({ missing: [node] }, false).text).toBe('zero3 is down: its lines are missing.');
    expect(words({ state: 'retrying' }, false).text).toMatch(/Opening it again/);
  });

  test('is why the engine does not send it', () => {
    const problem = { detail: 'The engine is stopped.', next: 'Start it.' };
    expect(words({ state: 'retrying', problem })).toEqual({
      tone: 'warn',
      text: problem.detail,
      next: problem.next,
    });
    expect(words({ state: 'retrying' }).text).toMatch(/Opening it again/);
    expect(words({ state: 'ended' }).text).toBe('The service is gone: no more lines will come.');
    const rest = { problem: null, following: true };
    expect(statusWords({ ...rest, link: 'lost', log: LIVE }, 'task').tone).toBe('warn');
    expect(statusWords({ ...rest, link: 'open', log: null }, 'task').text).toBe('Connecting…');
  });
});

test('says whether the line of an answer is marked, can be marked again, or is not shown any more', () => {
  expect(answerWords(21, undefined, 'gone')).toBe('Searching for the line of answer 21…');
  expect(answerWords(21, 'reading', 'gone')).toMatch(/^Searching the whole log/);
  expect(answerWords(21, 'found', 'marked')).toBe('The line of answer 21 is marked.');
  expect(answerWords(21, 'found', 'left')).toBe('Back to the line of answer 21');
  expect(answerWords(21, 'found', 'gone')).not.toContain('marked');
});

test('counts the lines and those that are not held', () => {
  expect(countText(1, 0)).toBe('1 line');
  expect(countText(412, 0)).toBe('412 lines');
  expect(countText(5000, 56_000)).toBe('latest 5,000 of 61,000 lines');
});

test('shows times in the local time zone', () => {
  const at = new Date(2026, 0, 2, 3, 4, 5, 67);
  const time = `${at.toISOString().slice(0, -1)}890123Z`;
  expect(lineTime(time)).toBe('03:04:05');
  expect(fullTime(time)).toBe('2026-01-02 03:04:05.067');
  expect(lineTime('no time')).toBe('no time');
  expect(fullTime('no time')).toBe('no time');
});

test('the addresses of a log', () => {
  expect(eventsPath({ service: 'a b' }, 'tail:100')).toBe(
    'api/services/a%20b/logs?format=events&tail=100',
  );
  expect(eventsPath({ task: 'x' }, 'since:1h')).toBe(
    'api/tasks/x/logs?format=events&tail=1000&since=1h',
  );
  expect(rangeOfAnswer({ since: 100_000.5 })).toBe('since:40000');
  expect(rangeOfAnswer({ since: 5 })).toBe('since:0');
  expect(textPath({ task: 'x' })).toBe('api/tasks/x/logs?format=text');
  const text = (range: LogRange) => textPath({ task: 'x' }, { range });
  expect(text('tail:100')).toBe('api/tasks/x/logs?format=text&tail=100');
  expect(text('since:5m')).toBe('api/tasks/x/logs?format=text&since=5m');
  const part = { task: null, node: 'n1', search: 'a&b c' };
  expect(textPath({ service: 'y' }, { part })).toBe(
    'api/services/y/logs?format=text&node=n1&search=a%26b+c',
  );
});

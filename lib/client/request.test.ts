import { afterEach, expect, test, vi } from 'vitest';
import { callApi } from './request';

vi.mock('@/lib/build', () => ({ BUILD: 'one', BUILD_HEADER: 'x-clusterhat-build' }));
vi.mock('./csrf-token', () => ({ readToken: () => null }));

const answer = (body: unknown, { status = 200, build = 'one', retryAfter = '' } = {}) => {
  const headers = { 'x-clusterhat-build': build, 'retry-after': retryAfter };
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(text, { status, headers })));
};
afterEach(() => vi.unstubAllGlobals());

test("returns the data of a server of this page's build", async () => {
  answer({ runs: [] });
  expect(await callApi('GET', 'api/runs')).toEqual({
    ok: true,
    data: { runs: [] },
    etag: null,
    text: '{"runs":[]}',
  });
});

test('returns null as the data of an empty response', async () => {
  answer('');
  expect(await callApi('DELETE', 'api/session')).toEqual({
    ok: true,
    data: null,
    etag: null,
    text: '',
  });
});

test('rejects the data of a server of another build', async () => {
  answer({ runs: 'of another form' }, { build: 'two' });
  expect(await callApi('GET', 'api/runs')).toMatchObject({
    ok: false,
    problem: { kind: 'page-outdated', next: 'Reload the page.' },
  });
});

test.each([
  ['<h1>Welcome</h1>', '', 'Another program answered in place of the dashboard.'],
  ['{"runs":[]}', '', "The answer lacks the dashboard's header x-clusterhat-build."],
  ['', '', "The answer lacks the dashboard's header x-clusterhat-build."],
  ['{"runs":[', 'one', "The dashboard's answer is incomplete."],
])('an answer %j of build %j is an altered one, not an upgrade', async (body, build, detail) => {
  answer(body, { build });
  expect(await callApi('GET', 'api/runs')).toMatchObject({
    ok: false,
    problem: { kind: 'altered-answer', detail },
  });
});

test('returns a problem document of any build, with the time until the next attempt', async () => {
  const problem = { kind: 'too-many-tries', detail: 'Wait.', title: '', type: '', status: 429 };
  answer(problem, { status: 429, build: 'two', retryAfter: '7' });
  const expected = { ok: false, problem: { ...problem, retryAfter: 7 } };
  expect(await callApi('POST', 'api/session', {})).toEqual(expected);
});

test.each(['<h1>Bad gateway</h1>', '"down"', 'null', '{"detail":5}'])(
  'reports %s of a proxy as no answer',
  async (body) => {
    answer(body, { status: 502 });
    const result = await callApi('GET', 'api/runs');
    expect(result).toMatchObject({ ok: false, problem: { title: 'No answer' } });
  },
);

import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { signedInSchema } from '@/lib/api';
import { EngineError, type Engine } from '@/lib/engine';
import type { EngineErrorKind } from '@/lib/engine/errors';
import type { DrillActions } from '@/lib/runner/drill';
import { everyRoute, pageHtml } from '@/tests/support/routes';

/** Details of the host in an engine's failure are sent only to callers that may change the swarm. */

const KINDS: Record<EngineErrorKind, true> = {
  'socket-missing': true,
  'socket-permission': true,
  'engine-stopped': true,
  'engine-timeout': true,
  'not-an-engine': true,
  tls: true,
  ssh: true,
  'not-a-manager': true,
  'no-swarm': true,
  'swarm-locked': true,
  'no-quorum': true,
  'swarm-error': true,
  'swarm-certificate': true,
  'not-found': true,
  'not-scalable': true,
  'no-previous-spec': true,
  conflict: true,
  'out-of-sequence': true,
  'engine-refused': true,
  'engine-error': true,
};
const kinds = Object.keys(KINDS) as EngineErrorKind[];

const MESSAGE = '/planted/docker.sock';
const NEXT = 'ssh://planted@host:2222';
const GLOBALS = ['engine', 'feed', 'runner', 'sessions', 'passwords', 'live.open'].map((name) =>
  Symbol.for(`clusterhat.${name}`),
);
const scope = globalThis as Record<symbol, unknown>;

/** An engine of which every call fails with `error`. */
function failing(problem: EngineError): Engine {
  const fail = async () => {
    throw problem;
  };
  return {
    where: MESSAGE,
    ping: async () => true,
    pingAllowed: fail,
    info: fail,
    version: fail,
    nodes: fail,
    services: fail,
    tasks: fail,
    upToDateTasks: fail,
    scale: fail,
    setAvailability: fail,
    inspectService: fail,
    inspectNode: fail,
    inspectTask: fail,
    createService: fail,
    changeService: fail,
    rollbackService: fail,
    restartService: fail,
    removeService: fail,
    changeNode: fail,
    removeNode: fail,
    distribution: fail,
    networkName: fail,
    rotateJoinToken: fail,
    killContainer: fail,
    joinCommand: fail,
    events: fail,
    pastEvents: fail,
    logs: () => ({ [Symbol.asyncIterator]: () => ({ next: fail }) }),
  };
}

/** What a browser sends after signing in with this password. */
async function signedIn(password: string): Promise<Record<string, string>> {
  const signIn = (await everyRoute()).find(({ name }) => name === 'POST /api/session');
  const answer = await signIn?.call({ 'content-type': 'application/json' }, { password });
  const cookie = answer?.headers.getSetCookie().map((line) => line.split(';')[0]);
  const { token } = signedInSchema.parse(await answer?.json());
  return { cookie: cookie?.join('; ') ?? '', 'x-csrf-token': token };
}

/** All that the app answers while its engine fails with an error of `kind`, by what was called. */
async function answers(
  kind: EngineErrorKind,
  who: Record<string, string> = {},
): Promise<Record<string, string>> {
  scope[Symbol.for('clusterhat.engine')] = failing(new EngineError(kind, MESSAGE, NEXT));
  const texts: Record<string, string> = {};
  for (const { name, call } of await everyRoute()) {
    // It would end the session of `who`.
    if (name === 'DELETE /api/session') continue;
    const body = name.startsWith('POST') ? BODIES[name] : undefined;
    // oxlint-disable-next-line no-await-in-loop -- one after the other, as they share a feed
    texts[name] = await textOf(await call({ 'content-type': 'application/json', ...who }, body));
  }
  texts['page'] = await pageHtml(who);
  return texts;
}

const BODIES: Record<string, unknown> = {
  'POST /api/services/[name]/scale': { replicas: 3 },
  'POST /api/runs': { service: 'goweb', publishedPort: 8888, entryNode: 'ctrl' },
  'POST /api/runs/[id]/drill': { kind: 'kill', task: 'goweb.1' },
  'POST /api/demo': { path: '/reset', body: {} },
};

/** The body of an answer; of a stream, everything up to its first status. */
async function textOf(response: Response): Promise<string> {
  const head = JSON.stringify([...response.headers]);
  const { body, headers } = response;
  if (!body || !headers.get('content-type')?.startsWith('text/event-stream')) {
    return head + (await response.text());
  }
  const reader = body.getReader();
  let text = '';
  while (!/"state":"stale"/.test(text)) {
    // oxlint-disable-next-line no-await-in-loop -- a stream is read in its order
    const { value, done } = await reader.read();
    if (done) break;
    text += new TextDecoder().decode(value);
  }
  await reader.cancel();
  return head + text;
}

beforeEach(() => {
  for (const name of GLOBALS) delete scope[name];
});
afterEach(() => vi.unstubAllEnvs());

// Settings are read once per load of the modules: each set of them begins with fresh modules.
describe('a dashboard with a password', () => {
  beforeAll(() => void vi.resetModules());

  test.each(kinds)('shows a reader no host details of %s', async (kind) => {
    vi.stubEnv('HOSTNAME', '0.0.0.0');
    vi.stubEnv('DASHBOARD_PASSWORD', 'password of the operator');
    const texts = await answers(kind);
    expect(texts['GET /api/live']).toContain('"state":"stale"');
    for (const [name, text] of Object.entries(texts)) expect(text, name).not.toContain('planted');
  });
});

describe('a dashboard with a password for guests', () => {
  beforeAll(() => void vi.resetModules());

  test.each(kinds)('shows a guest no host details of %s', async (kind) => {
    vi.stubEnv('HOSTNAME', '0.0.0.0');
    vi.stubEnv('DASHBOARD_GUEST_PASSWORD', 'password of the guests');
    const texts = await answers(kind, await signedIn('password of the guests'));
    // The guard let it pass, and the engine refused.
    expect(texts['POST /api/runs']).not.toMatch(/sign-in-required|operator-required/);
    for (const [name, text] of Object.entries(texts)) expect(text, name).not.toContain('planted');
  });
});

test.each([
  ['on a dashboard that is open', {}],
  ['signed in', { DASHBOARD_PASSWORD: 'password of the operator' }],
])('shows an operator the full error %s', async (_, env: Record<string, string>) => {
  vi.resetModules();
  const password = env['DASHBOARD_PASSWORD'];
  vi.stubEnv('HOSTNAME', '127.0.0.1');
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const texts = await answers('ssh', password === undefined ? {} : await signedIn(password));
  for (const name of ['page', 'GET /api/live', 'GET /api/swarm', 'POST /api/runs']) {
    expect(texts[name], name).toContain(MESSAGE);
    expect(texts[name], name).toContain(NEXT);
  }
});

test('a failed drill has no host details in its run, which all viewers receive', async () => {
  const { runnerHooks } = await import('@/lib/runner/app-runner');
  const feed = { wake: () => {}, current: () => ({ view: null }) };
  const engine = failing(new EngineError('socket-missing', MESSAGE, NEXT));
  const drillActions = runnerHooks(feed as never, engine).drillActions as DrillActions;
  for (const done of [
    drillActions.drainNode('id', 'active'),
    drillActions.restoreNode('id', 'active'),
  ]) {
    // oxlint-disable-next-line no-await-in-loop -- two of them
    await expect(done).rejects.toThrow(/^There is no Docker socket where/);
  }
  await expect(drillActions.killContainer('id')).rejects.toThrow(
    /^There is no Docker socket where/,
  );
});

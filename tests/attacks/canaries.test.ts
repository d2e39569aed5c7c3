import { setTimeout as later } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { marksIn, markedSwarm } from './support/canaries';
import { startEngine } from './support/engine';
import { ask } from './support/raw';
import { calls } from './support/routes';
import { startServer } from './support/server';
import { SECRETS, signIn } from './support/sign-in';
import { openStream } from './support/stream';

/** Only fields that the page shows leave the server, for any response of the engine. */

/** Fields that are shown by design; all others must never be in an answer. */
const SHOWN = [
  /^info\.Name$/,
  /^info\.ServerVersion$/,
  /^version\.Version$/,
  /^nodes\.\*\.Description\.Hostname$/,
  /^nodes\.\*\.Description\.Platform\.(Architecture|OS)$/,
  /^nodes\.\*\.Description\.Engine\.EngineVersion$/,
  /^nodes\.\*\.Status\.Message$/,
  // In a node's details: labels, and the kinds of its generic resources.
  /^nodes\.\*\.Spec\.Labels\./,
  /^nodes\.\*\.Description\.Engine\.Labels\./,
  /^nodes\.\*\.Description\.Resources\.GenericResources\..*Kind$/,
  // The rules of services on a node's labels.
  /^services\.\*\.Spec\.TaskTemplate\.Placement\.Constraints\.\*$/,
  // In a task's details.
  /^tasks\.\*\.Spec\.Placement\.Constraints\.\*$/,
  /^tasks\.\*\.Spec\.Resources\.Reservations\.GenericResources\..*Kind$/,
  /^services\.\*\.Spec\.Name$/,
  /^services\.\*\.Spec\.TaskTemplate\.ContainerSpec\.(Image|Hostname)$/,
  /^services\.\*\.UpdateStatus\.Message$/,
  // The version that a rollback left.
  /^services\.\*\.PreviousSpec\.TaskTemplate\.ContainerSpec\.Image$/,
  // The platforms of images.
  /^services\.\*\.Spec\.TaskTemplate\.Placement\.Platforms\.\*\.(Architecture|OS)$/,
  /^tasks\.\*\.Spec\.ContainerSpec\.Image$/,
  // The plug-in that a task’s network needs.
  /^tasks\.\*\.NetworksAttachments\.\*\.Network\.DriverState\.Name$/,
  // Why a task waits.
  /^tasks\.\*\.Spec\.Placement\.Constraints\.\*$/,
  /^tasks\.\*\.Status\.(Err|Message)$/,
];
/** Sent only to operators, by its own request. */
const JOIN = /^swarm\.JoinTokens\.Worker$/;
/** What even operators see only when they ask for it. */
const HIDDEN =
  /\.(Env|Secrets|Configs|DriverOpts)\.|\.(LogDriver|DriverConfig|DriverState|DriverConfiguration)\.Options\./;
/** Options of drivers, which can hold passwords and tokens. */
const OPTIONS = [
  /\.LogDriver\.Options\./,
  /\.Mounts\.\*\.VolumeOptions\.DriverConfig\.Options\./,
  /\.Networks\.\*\.DriverOpts\./,
  /\.NetworksAttachments\.\*\.Network\.DriverState\.Options\./,
];

/** Requests that read a whole service, node or task, or compute what a change would do: for operators. */
const ofService = (id: string): [method: string, path: string, body?: object][] => [
  ['GET', `/api/services/${id}`],
  ['PATCH', `/api/services/${id}?dry-run`, { env: { POSTGRES_PASSWORD: null }, replicas: 1 }],
  ['POST', `/api/services/${id}/restart?dry-run`],
  ['POST', `/api/services/${id}/rollback?dry-run`],
  ['DELETE', `/api/services/${id}?dry-run`],
];
const ofNode = (id: string): [method: string, path: string, body?: object][] => [
  ['PATCH', `/api/nodes/${id}?dry-run`, { availability: 'drain', role: 'manager' }],
  ['DELETE', `/api/nodes/${id}?dry-run`],
  ['GET', `/api/nodes/${id}/inspect`],
];
const ofTask = (id: string): [method: string, path: string, body?: object][] => [
  ['GET', `/api/tasks/${id}/inspect`],
];

const everyPath = (extra: string[]) => [
  ...new Set(
    calls()
      .filter(({ method }) => method === 'GET')
      .map(({ path }) => path),
  ),
  ...extra,
];

/** All answers to requests with these headers, by path. */
async function allAnswers(
  port: number,
  headers: Record<string, string>,
  details: readonly string[] = [],
): Promise<Map<string, string>> {
  const answers = new Map<string, string>();
  const stream = await openStream(port, { headers });
  const streamed = later(1500);
  const more = ['/nowhere', '/?_rsc=1', `/api/timeline?at=${Date.now()}`, '/api/services/x/scale'];
  more.push(...details);
  for (const path of everyPath(more)) {
    if (path === '/api/live') continue;
    const { body, headers: got } = await ask(port, path, { headers });
    answers.set(`GET ${path}`, `${JSON.stringify(got)}\n${body}`);
  }
  for (const { method, path, body } of calls()) {
    if (method === 'GET' || path === '/api/session') continue;
    const { body: text } = await ask(port, path, {
      method,
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(body ?? {}),
    });
    answers.set(`${method} ${path}`, text);
  }
  await streamed;
  answers.set('GET /api/live', stream.text());
  stream.close();
  return answers;
}

/** The origin of each mark in the answers, except fields shown by design. */
function leaks(
  answers: Map<string, string>,
  paths: Map<string, string>,
  shown: readonly RegExp[],
): string[] {
  return Array.from(answers).flatMap(([asked, text]) =>
    Array.from(marksIn(text), (mark) => paths.get(mark) ?? mark)
      .filter((path) => !shown.some((one) => one.test(path)))
      .map((path) => `${asked}: ${path}`),
  );
}

const MODES: [name: string, env: Record<string, string>][] = [
  ['open on loopback', {}],
  ['with passwords', SECRETS],
  ['read-only on the network', { HOSTNAME: '0.0.0.0' }],
  ['closed to readers', { ...SECRETS, DASHBOARD_READ: 'signed-in' }],
];

describe.each(MODES)('%s', (name, env) => {
  test('answers contain only engine data that is shown by design', async () => {
    const { json, paths } = markedSwarm();
    const { port } = await startServer({ dockerHost: await startEngine(json), env });
    const ids = (kind: 'nodes' | 'tasks') =>
      json[kind].map(({ ID }) => `/api/${kind}/${String(ID)}`);
    const details = [...ids('nodes'), ...ids('tasks')];
    const callers: Record<string, string>[] = [{}];
    if ('DASHBOARD_PASSWORD' in env) {
      callers.push(
        (await signIn(port, SECRETS.DASHBOARD_GUEST_PASSWORD)).headers,
        (await signIn(port, SECRETS.DASHBOARD_PASSWORD)).headers,
        { authorization: `Bearer ${SECRETS.DASHBOARD_READ_TOKEN}` },
      );
    }
    for (const [n, headers] of callers.entries()) {
      const answers = await allAnswers(port, headers, details);
      const mayJoin = name === 'open on loopback' || n === 2;
      const join = answers.get('POST /api/join-command') ?? '';
      answers.delete('POST /api/join-command');
      const closed = name === 'closed to readers' && n === 0;
      expect(leaks(answers, paths, closed ? [] : SHOWN)).toEqual([]);
      expect(leaks(new Map([['join', join]]), paths, mayJoin ? [JOIN] : [])).toEqual([]);
      expect(join.includes('SWMTKN-1-worker')).toBe(mayJoin);
      for (const [asked, text] of answers) {
        for (const secret of Object.values(SECRETS)) expect(text, asked).not.toContain(secret);
        expect(text, asked).not.toContain('SWMTKN');
      }
      // Control: fields shown by design are in the answers.
      const asked = details.map((path) => answers.get(`GET ${path}`) ?? '');
      expect(asked.some((text) => leaks(new Map([['', text]]), paths, []).length > 0)).toBe(
        !closed,
      );
      expect(asked.join().includes('"constraints":["')).toBe(!closed);
      const seen = marksIn([...answers.values()].join());
      expect(seen.size > 10).toBe(!closed);
    }
  });
});

describe.each(MODES)('%s', (name, env) => {
  test('a whole service, node or task is for operators, without values and names that are secret', async () => {
    const { json, paths } = markedSwarm();
    const server = await startServer({ dockerHost: await startEngine(json), env });
    const { port } = server;
    const asked = [
      ...json.services.flatMap(({ ID }) => ofService(String(ID))),
      ...json.nodes.slice(0, 2).flatMap(({ ID }) => ofNode(String(ID))),
      ...json.tasks.slice(0, 2).flatMap(({ ID }) => ofTask(String(ID))),
    ];
    const signedIn = 'DASHBOARD_PASSWORD' in env;
    const visitor = name === 'open on loopback' ? 'operator' : 'other';
    const callers: [who: string, headers: Record<string, string>][] = [
      [visitor, {}],
      ...(signedIn
        ? ([
            ['other', (await signIn(port, SECRETS.DASHBOARD_GUEST_PASSWORD)).headers],
            ['other', { authorization: `Bearer ${SECRETS.DASHBOARD_READ_TOKEN}` }],
            ['operator', (await signIn(port, SECRETS.DASHBOARD_PASSWORD)).headers],
          ] satisfies typeof callers)
        : []),
    ];
    for (const [who, headers] of callers) {
      const seen = new Set<string>();
      for (const [method, path, body] of asked) {
        for (const secrets of ['', 'secrets']) {
          const to = secrets === '' ? path : `${path}${path.includes('?') ? '&' : '?'}secrets`;
          const { status, body: text } = await ask(port, to, {
            method,
            headers: { ...headers, 'content-type': 'application/json' },
            ...(method === 'GET' ? {} : { body: JSON.stringify(body ?? {}) }),
          });
          const found = Array.from(marksIn(text), (mark) => paths.get(mark) ?? mark);
          const may = who === 'operator';
          const leaked = may ? found.filter((one) => secrets === '' && HIDDEN.test(one)) : found;
          const answered = may ? status === 200 : status === 401 || status === 403;
          const what = `${method} ${to} by ${who}: ${status} ${text.slice(0, 300)}`;
          expect([answered, leaked], what).toEqual([true, []]);
          for (const one of found) seen.add(one);
        }
      }
      // Control: it is the whole service, and those who ask for its secrets get them.
      expect(Array.from(seen).some((one) => HIDDEN.test(one))).toBe(who === 'operator');
      for (const option of OPTIONS) {
        expect(Array.from(seen).some((one) => option.test(one))).toBe(who === 'operator');
      }
      expect(seen.size > 20).toBe(who === 'operator');
    }
    expect(leaks(new Map([['log', server.output()]]), paths, SHOWN)).toEqual([]);
  });
});

test('answers to visitors without a session do not contain the socket’s path', async () => {
  const { port } = await startServer({
    dockerHost: 'unix:///tmp/canary-folder/docker.sock',
    env: SECRETS,
  });
  const strangers = await allAnswers(port, {});
  for (const [asked, text] of strangers) expect(text, asked).not.toContain('canary-folder');
  const { headers } = await signIn(port, SECRETS.DASHBOARD_PASSWORD);
  expect((await ask(port, '/api/swarm', { headers })).body).toContain('canary-folder');
});

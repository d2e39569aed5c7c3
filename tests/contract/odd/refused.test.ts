import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { READ_SWITCHES, type ReadSwitch } from '@/lib/swarm/refusals';
import { swarmViewSchema, type SwarmView } from '@/lib/swarm/view';
import { casesOf } from '@/tests/support/every-case';
import { ODD_CASES } from '@/tests/support/odd-cases';
import type { OddAnswer, Oddity } from '@/tests/support/odd-engine';
import { oddSwarm, type OddReader, type OddSwarm } from './odd-swarm';

/** A socket proxy that refuses some of what the dashboard reads: the rest is shown, and each switch is named. */

let swarm: OddSwarm;
beforeAll(async () => {
  swarm = await oddSwarm();
});
afterAll(() => swarm.close());

const PATHS: Record<ReadSwitch, string> = {
  PING: '/_ping',
  VERSION: '/version',
  INFO: '/info',
  NODES: '/nodes',
  SERVICES: '/services',
  TASKS: '/tasks',
  EVENTS: '/events',
};

const HTML =
  '<html><body><h1>403 Forbidden</h1>\nRequest forbidden by administrative rules.\n</body></html>';
const KINDS: OddAnswer[] = [
  { status: 403, type: 'text/html', body: HTML },
  { status: 403, body: { message: 'The socket proxy does not allow this; see deploy/README.md.' } },
  { status: 403, body: { message: 'authorization denied by plugin opa: no' } },
  { status: 401, type: 'text/plain', body: 'Unauthorized' },
  { status: 401, type: 'application/json', body: '' },
  { status: 404, type: 'text/html', body: '<html><h1>404 Not Found</h1></html>' },
  { status: 404, body: { message: 'page not found' } },
  { status: 404, body: { error: 'nothing here' } },
  { status: 405, type: 'text/plain', body: 'method not allowed\n' },
  { status: 405, body: { message: 'Method Not Allowed' } },
  { status: 302, type: 'text/html', body: '<html>Moved</html>' },
  { status: 200, type: 'text/html', body: '<html><h1>Sign in</h1></html>' },
  { status: 407, type: 'text/html', body: '<html>Proxy Authentication Required</html>' },
  { status: 429, type: 'text/plain', body: 'Too Many Requests' },
  { status: 451, body: '' },
  { status: 501, type: 'text/plain', body: 'Not Implemented' },
  // Words that an engine uses for other things.
  { status: 403, body: { message: 'Use "docker swarm init" or "docker swarm join"' } },
  { status: 403, type: 'text/html', body: 'Client sent an HTTP request to an HTTPS server.' },
  { status: 403, body: { message: '\u001b[31m<script>alert(1)</script>'.repeat(500) } },
  { status: 403, body: ['[', '{'] },
];

function refusing(reads: readonly ReadSwitch[], answer: OddAnswer): Oddity {
  const paths = new Set(reads.map((name) => PATHS[name]));
  return ({ path }) => (paths.has(path) ? answer : undefined);
}

/** Runs `look` with a reader that polls. */
async function polling(oddity: Oddity | null, look: (reader: OddReader) => Promise<void>) {
  const reader = await swarm.reader(oddity);
  const leave = reader.feed.subscribe(() => {});
  try {
    await look(reader);
  } finally {
    leave();
  }
}

/** Waits until the reader knows that just these reads are refused. */
function viewRefusing({ feed }: OddReader, reads: readonly ReadSwitch[], timeout = 20_000) {
  return vi.waitFor(
    () => {
      const { view } = feed.current();
      expect(feed.status().state).toBe('live');
      expect(view?.refused.reads).toEqual(READ_SWITCHES.filter((name) => reads.includes(name)));
      return view!;
    },
    { timeout, interval: 20 },
  );
}

type Known = (name: ReadSwitch) => boolean;

/** A view's content, without when things were first seen. */
function factsOf(view: SwarmView) {
  const words = view.notices.map(({ text, next }) => `${text} ${next}`).join(' ');
  return {
    engine: view.engine,
    hat: view.hat,
    nodes: view.nodes.map(({ stateSince: _since, ...node }) => node).sort(byId),
    services: [...view.services].sort(byId),
    tasks: view.tasks.map(({ seenAt: _seen, ranAt: _ran, ...task }) => task).sort(byId),
    counts: view.counts.map(({ value, label }) => `${value} ${label}`),
    named: READ_SWITCHES.map((name) => words.split(new RegExp(`\\b${name}\\b`)).length - 1),
  };
}
type Facts = ReturnType<typeof factsOf>;

const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);

/** What is left of these facts where only some reads are known. */
function partOf(whole: SwarmView, known: Known): Facts {
  const facts = factsOf(whole);
  const tasks = known('TASKS') ? facts.tasks : [];
  return {
    engine: engineOf(whole.engine, known),
    hat: known('NODES') ? facts.hat : [],
    nodes: nodesOf(facts, known),
    services: servicesOf(facts, known),
    tasks: known('SERVICES')
      ? tasks
      : tasks.map((task) => ({
          ...task,
          name: task.name.replace(/^[^.]+/, task.serviceId.slice(0, 12)),
        })),
    counts: [
      known('NODES') ? '5/5 nodes ready' : 'Nodes unknown',
      known('SERVICES') ? '1 service' : 'Services unknown',
      !known('TASKS')
        ? 'Tasks unknown'
        : known('SERVICES')
          ? '3/3 tasks running'
          : '3 tasks running',
    ],
    named: READ_SWITCHES.map((name) => Number(!known(name))),
  };
}

function engineOf({ nodeId, name, version, apiVersion }: SwarmView['engine'], known: Known) {
  const own = known('INFO') ? name : '';
  const docker = known('INFO') || known('VERSION') ? version : '';
  const api = known('VERSION') ? apiVersion : '';
  const label = [own, docker && `Docker ${docker}`, api && `API ${api}`].filter(Boolean);
  return {
    nodeId: known('INFO') ? nodeId : '',
    name: own,
    version: docker,
    apiVersion: api,
    label: label.join(' · ') || 'Engine unknown',
    demo: known('INFO'),
  };
}

function nodesOf({ nodes, tasks }: Facts, known: Known): Facts['nodes'] {
  const idle = known('TASKS') ? 'No tasks' : 'Tasks unknown';
  const all = nodes.map((node) => ({ ...node, idle, here: node.here && known('INFO') }));
  if (known('NODES')) return all;
  // Those that others mention, and of them nothing but that.
  const mentioned = new Set(known('TASKS') ? tasks.map(({ nodeId }) => nodeId) : []);
  return all
    .filter(({ id, here }) => here || mentioned.has(id))
    .map(({ id, name, here }) => ({
      id,
      name: here ? name : id.slice(0, 12),
      hostname: here ? name : '',
      place: null,
      role: here ? ('manager' as const) : ('worker' as const),
      leader: false,
      reachability: null,
      availability: 'unknown',
      state: 'unknown',
      message: '',
      clock: null,
      address: here ? (all.find((node) => node.id === id)?.address ?? null) : null,
      otherAddresses: [],
      arch: '',
      os: '',
      cpus: 0,
      memoryBytes: 0,
      engineVersion: '',
      here,
      version: 0,
      listed: false,
      idle,
      avoided: [],
    }));
}

function servicesOf({ services, tasks }: Facts, known: Known): Facts['services'] {
  const phrase = known('SERVICES')
    ? 'The tasks are unknown.'
    : 'Only the tasks of the service are known.';
  const unknown = { running: null, total: null, phase: 'unknown' as const, phrase, verify: null };
  if (known('SERVICES')) {
    return known('TASKS')
      ? services
      : services.map((service) => ({
          ...service,
          running: null,
          convergence: unknown,
          numbered: false,
        }));
  }
  if (!known('TASKS')) return [];
  const mentioned = new Set(tasks.map(({ serviceId }) => serviceId));
  return services
    .filter(({ id }) => mentioned.has(id))
    .map((service) => ({
      ...service,
      name: service.id.slice(0, 12),
      mark: service.id.charAt(0).toUpperCase(),
      replicas: null,
      ports: [],
      targets: [],
      summary: service.summary.replace(/ · .*/, ''),
      echo: false,
      curl: false,
      version: 0,
      listed: false,
      convergence: unknown,
    }));
}

function expectTheRest(view: SwarmView, whole: SwarmView, refused: readonly ReadSwitch[]) {
  expect(() => swarmViewSchema.parse(JSON.parse(JSON.stringify(view)))).not.toThrow();
  expect(factsOf(view)).toEqual(partOf(whole, (name) => !refused.includes(name)));
}

const SUBSETS = Array.from({ length: 2 ** READ_SWITCHES.length }, (_, bits) =>
  READ_SWITCHES.filter((_name, at) => (bits >> at) % 2 === 1),
);
const LISTS: readonly ReadSwitch[] = ['NODES', 'SERVICES', 'TASKS'];
const isUseless = (reads: readonly ReadSwitch[]) => LISTS.every((name) => reads.includes(name));

test('with any set of refused calls the rest is shown and each switch is named once', async () => {
  const whole = await swarm.view(null);
  const shown = casesOf(
    SUBSETS.filter((reads) => !isUseless(reads)),
    5,
  );
  const AT_ONCE = 8;
  for (let start = 0; start < shown.length; start += AT_ONCE) {
    await Promise.all(
      shown.slice(start, start + AT_ONCE).map((reads, at) =>
        polling(refusing(reads, KINDS[(start + at) % KINDS.length]!), async (reader) => {
          expectTheRest(await viewRefusing(reader, reads), whole, reads);
        }),
      ),
    );
  }
}, 240_000);

test.each(
  casesOf(KINDS, 4).map((answer) => [JSON.stringify(answer).slice(0, 60), answer] as const),
)(
  'each single refusal as %s',
  async (_, answer) => {
    const whole = await swarm.view(null);
    await Promise.all(
      READ_SWITCHES.map((name) =>
        polling(refusing([name], answer), async (reader) => {
          expectTheRest(await viewRefusing(reader, [name]), whole, [name]);
        }),
      ),
    );
  },
  60_000,
);

describe('without any list there is nothing to show', () => {
  test.each(SUBSETS.filter(isUseless).map((reads) => [reads.join(), reads] as const))(
    '%s',
    async (_, reads) => {
      const failure = await swarm.failure(refusing(reads, KINDS[0]!));
      // The stream of events is requested only once there is a view.
      const known: readonly ReadSwitch[] = reads.filter((name) => name !== 'EVENTS');
      expect(failure).toMatchObject({ kind: 'engine-refused' });
      const words = `${failure?.message} ${failure?.next}`;
      for (const name of READ_SWITCHES) {
        const times = words.split(new RegExp(`\\b${name}\\b`)).length - 1;
        expect(times, name).toBe(known.includes(name) ? 1 : 0);
      }
    },
  );

  test('and a program that knows none of the paths is no engine', async () => {
    const answer = { status: 404, type: 'text/html', body: '<html>' };
    const all = READ_SWITCHES.filter((name) => name !== 'EVENTS');
    expect(await swarm.failure(refusing(all, answer))).toMatchObject({ kind: 'not-an-engine' });
  });
});

describe('the cases of proxies', () => {
  test('proxyInfo403', async () => {
    const view = await swarm.view(ODD_CASES.proxyInfo403);
    expect(view.engine).toMatchObject({ nodeId: '', name: '' });
    expect(view.nodes).toHaveLength(5);
    expect(view.notices).toMatchObject([{ id: 'refused:INFO', kind: 'refused' }]);
  });
  test('proxyNodes403', async () => {
    const view = await swarm.view(ODD_CASES.proxyNodes403);
    expect(view.tasks).toHaveLength(3);
    expect(view.notices).toMatchObject([{ id: 'refused:NODES', kind: 'refused' }]);
    expect(view.counts).toContainEqual({ tone: null, value: 'Nodes', label: 'unknown' });
  });
  test('proxyEvents403', async () => {
    await polling(ODD_CASES.proxyEvents403, async (reader) => {
      const { notices } = await viewRefusing(reader, ['EVENTS']);
      expect(notices).toMatchObject([{ id: 'refused:EVENTS' }]);
    });
  });
  test('proxyPost403', async () => {
    // The changes are made; only their answers are replaced.
    const other = await oddSwarm();
    onTestFinished(() => other.close());
    const reader = await other.reader(ODD_CASES.proxyPost403);
    const { engine } = reader;
    expect((await reader.read()).notices).toEqual([]);
    await expect(engine.scale('goweb', 5)).rejects.toMatchObject({
      kind: 'engine-refused',
      message: 'A proxy in front of the engine refuses scaling: it needs POST.',
      refused: { change: 'scale', switches: ['POST'] },
    });
    await expect(engine.setAvailability('zero1', 'drain')).rejects.toMatchObject({
      refused: { change: 'drain', switches: ['POST'] },
    });
    await expect(engine.killContainer('0123456789ab')).rejects.toMatchObject({
      refused: { change: 'kill', switches: ['CONTAINERS', 'POST'] },
    });
  });
});

test('a refusal that begins or ends is noticed, but is no change of the swarm', async () => {
  await polling(null, async (reader) => {
    await viewRefusing(reader, []);
    for (const name of LISTS) {
      reader.odd.become(refusing([name], KINDS[0]!));
      reader.feed.wake();
      await viewRefusing(reader, [name]);
      reader.odd.become(null);
      reader.feed.wake();
      await viewRefusing(reader, []);
    }
    expect(reader.feed.encodedView.timeline.since(0)).toMatchObject({
      entries: [],
      spans: [],
      // While the tasks were unknown.
      gaps: [{ why: 'no data from the engine', to: expect.any(Number) }],
    });
    const { view } = reader.feed.current();
    expect(view?.services[0]?.convergence.phase).toBe('converged');
  });
});

test('an engine’s own error is not a refusal', async () => {
  const failing: Oddity = ({ path }) =>
    path === '/nodes' ? { status: 500, body: { message: 'database is locked' } } : undefined;
  expect(await swarm.failure(failing)).toMatchObject({
    kind: 'engine-error',
    message: 'database is locked',
  });
});

import { beforeEach, describe, expect, test, vi } from 'vitest';
import { problemSchema } from '@/lib/api';
import { Feed } from '@/lib/live';
import { nodeDetailsSchema, taskDetailsSchema } from '@/lib/swarm/details';
import { anEngineTask, NODE, ScriptedEngine } from '@/tests/factories/engine';
import { GET as getNode } from './nodes/[id]/route';
import { GET as getTask } from './tasks/[id]/route';

const scope = globalThis as Record<symbol, unknown>;
const engine = new ScriptedEngine();

beforeEach(() => {
  vi.stubEnv('HOSTNAME', '127.0.0.1');
  engine.refused = new Set();
  engine.calls = [];
  engine.tasks = [anEngineTask(1), anEngineTask(2)];
  engine.nodes = [
    { ...NODE, Spec: { ...NODE.Spec, Labels: { rack: 'a' } }, Description: { Hostname: 'ctrl' } },
  ];
  scope[Symbol.for('clusterhat.feed')] = new Feed(engine.engine, { hat: [], echoService: 'goweb' });
  return () => {
    vi.unstubAllEnvs();
    delete scope[Symbol.for('clusterhat.feed')];
  };
});

const get = (route: typeof getTask, id: string) =>
  route(new Request('http://127.0.0.1:3000/', { headers: { host: '127.0.0.1:3000' } }), {
    params: Promise.resolve({ id }),
  });

describe('GET /api/tasks/{id}', () => {
  test.each(['task-2', 'goweb.2'])('returns the details of %s', async (id) => {
    const response = await get(getTask, id);
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(taskDetailsSchema.parse(await response.json())).toMatchObject({
      id: 'task-2',
      name: 'goweb.2',
      image: 'carmeloc/goweb:1.0',
      states: [{ state: 'running' }],
    });
  });

  test('an unknown id is not found', async () => {
    const response = await get(getTask, 'nowhere');
    expect(response.status).toBe(404);
    expect(problemSchema.parse(await response.json()).kind).toBe('not-found');
  });
});

describe('GET /api/nodes/{id}', () => {
  test.each(['id-ctrl', 'ctrl'])('returns the details of %s', async (id) => {
    const response = await get(getNode, id);
    expect(response.status).toBe(200);
    expect(nodeDetailsSchema.parse(await response.json())).toMatchObject({
      id: 'id-ctrl',
      labels: [{ name: 'rack', value: 'a' }],
    });
  });

  test('an unknown id is not found, a name of two nodes is ambiguous', async () => {
    expect((await get(getNode, 'nowhere')).status).toBe(404);
    engine.nodes = [engine.nodes[0]!, { ...engine.nodes[0]!, ID: 'id-other' }];
    expect((await get(getNode, 'ctrl')).status).toBe(400);
  });

  test('names the proxy’s switch where the list of nodes is refused', async () => {
    engine.refused = new Set(['nodes']);
    const response = await get(getNode, 'id-ctrl');
    expect(response.status).toBe(404);
    expect(problemSchema.parse(await response.json()).next).toContain('NODES');
  });
});

test('while the feed polls, details make no call of the engine', async () => {
  const feed = scope[Symbol.for('clusterhat.feed')] as Feed;
  const leave = await new Promise<() => void>((resolve) => {
    const end = feed.subscribe(() => {
      if (feed.status().state === 'live') resolve(() => end());
    });
  });
  // Any call from here on gets no answer.
  engine.stuck = ['tasks', 'nodes', 'services'];
  try {
    expect((await get(getTask, 'task-1')).status).toBe(200);
    expect((await get(getNode, 'ctrl')).status).toBe(200);
  } finally {
    engine.stuck = [];
    leave();
  }
});

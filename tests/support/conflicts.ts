import { expect } from 'vitest';
import * as z from 'zod/mini';
import type { RecordedPost } from './recording-proxy';
import { jsonOverSocket } from './unix-socket';

/** Changes by many clients at once, and what has to be true afterwards. */

/** One request to the dashboard; returns its status and its parsed body. */
export type Send = (
  method: string,
  path: string,
  body?: unknown,
) => Promise<{ status: number; body: unknown }>;

export interface Collision {
  send: Send;
  /** The engine itself, not the proxy. */
  socketPath: string;
  /** What the dashboard has posted. */
  posts: readonly RecordedPost[];
  /** A replicated service of this test. */
  service: string;
  nodes: readonly string[];
  /** Two images that a registry has. */
  images: readonly [string, string];
  clients: number;
  /** Of each client, one after the other. */
  changes: number;
}

const specSchema = z.looseObject({
  ID: z.string(),
  Spec: z.looseObject({}),
});
const scaledSchema = z.object({ from: z.number(), to: z.number() });
const AVAILABILITY = ['active', 'pause', 'drain'];

interface Accepted {
  client: number;
  step: number;
  kind: Kind;
  value: unknown;
  node: string;
  answer: unknown;
}
type Kind = 'scale' | 'env' | 'label' | 'image' | 'availability' | 'node label';
const KINDS: readonly Kind[] = ['scale', 'env', 'label', 'image', 'availability', 'node label'];

/** Makes all changes at once. Every one has to be answered, and accepted. */
export async function collide(collision: Collision): Promise<void> {
  const { send, socketPath, service, nodes, images, clients, changes } = collision;
  const inspect = async (path: string) =>
    z.parse(specSchema, await jsonOverSocket(socketPath, 'GET', path));
  const before = await inspect(`/services/${service}`);
  const nodesBefore = new Map(
    await Promise.all(
      nodes.map(async (node) => [node, (await inspect(`/nodes/${node}`)).Spec] as const),
    ),
  );
  const accepted: Accepted[] = [];

  const change = async (client: number, step: number) => {
    // Every client does every kind, each in another order.
    const kind = KINDS[(client * 5 + step) % KINDS.length] ?? 'scale';
    const node = nodes[(client + step) % nodes.length] ?? '';
    const own = `client-${client}`;
    const requests: Record<Kind, [method: string, path: string, body: object, value: unknown]> = {
      scale: ['POST', `services/${service}/scale`, { replicas: 1 + ((client + step) % 5) }, null],
      env: ['PATCH', `services/${service}`, { env: { [own.toUpperCase()]: `${step}` } }, `${step}`],
      label: ['PATCH', `services/${service}`, { labels: { [own]: `${step}` } }, `${step}`],
      image: ['PATCH', `services/${service}`, { image: images[(client + step) % 2] }, null],
      availability: [
        'PATCH',
        `nodes/${node}`,
        { availability: AVAILABILITY[(client + step) % 3] },
        AVAILABILITY[(client + step) % 3],
      ],
      'node label': ['PATCH', `nodes/${node}`, { labels: { [own]: `${step}` } }, `${step}`],
    };
    const [method, path, body, value] = requests[kind];
    const { status, body: answer } = await send(method, `/api/${path}`, body);
    expect([status, answer], `${method} ${path} ${JSON.stringify(body)}`).toEqual([
      202,
      expect.anything(),
    ]);
    accepted.push({ client, step, kind, value, node, answer });
  };
  await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      for (let step = 0; step < changes; step += 1) await change(client, step);
    }),
  );
  expect(accepted).toHaveLength(clients * changes);

  const after = await inspect(`/services/${service}`);
  checkService(before.Spec, after.Spec, accepted);
  const image = String(Object(after.Spec['TaskTemplate']).ContainerSpec.Image);
  expect(images).toContain(image.replace(/@sha256:[0-9a-f]{64}$/, ''));
  expect(image).toContain('@sha256:');
  for (const node of nodes) {
    const { Spec } = await inspect(`/nodes/${node}`);
    checkNode(
      nodesBefore.get(node) ?? {},
      Spec,
      accepted.filter((one) => one.node === node),
    );
  }
  checkPosts(before, collision.posts);
}

/** The last value of each client by kind: its own variable or label is nobody else's. */
function lastOf(accepted: readonly Accepted[], kind: Kind): Map<number, unknown> {
  return new Map(
    accepted.flatMap((one) => (one.kind === kind ? [[one.client, one.value] as const] : [])),
  );
}

function checkService(
  before: Record<string, unknown>,
  after: Record<string, unknown>,
  accepted: readonly Accepted[],
): void {
  const container = (spec: unknown) => Object(spec).TaskTemplate.ContainerSpec;
  const env = new Map<string, string>(
    (container(after).Env ?? []).map((entry: string) => entry.split('=', 2)),
  );
  for (const entry of container(before).Env ?? []) {
    const [name, value] = entry.split('=', 2);
    expect(env.get(name)).toBe(value);
  }
  for (const [client, value] of lastOf(accepted, 'env')) {
    expect(env.get(`CLIENT-${client}`)).toBe(value);
  }
  expect(after['Labels']).toEqual({
    ...Object(before['Labels']),
    ...Object.fromEntries(
      [...lastOf(accepted, 'label')].map(([client, value]) => [`client-${client}`, value]),
    ),
  });
  // The scales that changed the number are one chain from the first to the last: none was undone by another change.
  const number = (spec: unknown) => Object(spec).Mode.Replicated.Replicas;
  const balance = new Map<number, number>();
  const add = (value: number, count: number) =>
    balance.set(value, (balance.get(value) ?? 0) + count);
  add(number(before), 1);
  add(number(after), -1);
  for (const one of accepted.filter(({ kind }) => kind === 'scale')) {
    const { from, to } = z.parse(scaledSchema, one.answer);
    add(to, 1);
    add(from, -1);
  }
  expect([...balance.values()].every((count) => count === 0)).toBe(true);
  // What no client changed is as it was.
  const rest = (spec: Record<string, unknown>) => {
    const {
      ContainerSpec: _,
      ForceUpdate: __,
      Placement: ___,
      ...task
    } = Object(spec['TaskTemplate']);
    return { ...spec, Labels: null, Mode: null, TaskTemplate: task };
  };
  expect(rest(after)).toEqual(rest(before));
}

function checkNode(
  before: Record<string, unknown>,
  after: Record<string, unknown>,
  accepted: readonly Accepted[],
): void {
  expect(after['Labels']).toEqual({
    ...Object(before['Labels']),
    ...Object.fromEntries(
      [...lastOf(accepted, 'node label')].map(([client, value]) => [`client-${client}`, value]),
    ),
  });
  const values = [...lastOf(accepted, 'availability').values(), before['Availability']];
  expect(values).toContain(after['Availability']);
  expect({ ...after, Labels: null, Availability: null }).toEqual({
    ...before,
    Labels: null,
    Availability: null,
  });
}

/** Each post is a whole spec, and each accepted one differs from the one before in a single change. */
function checkPosts(
  { ID, Spec }: z.infer<typeof specSchema>,
  posts: readonly RecordedPost[],
): void {
  const own = posts.filter(({ path }) => path.startsWith(`/services/${ID}/update?version=`));
  expect(own.length).toBeGreaterThan(0);
  let last = Spec;
  for (const { body, status, headers } of own) {
    const spec = JSON.parse(body);
    for (const key of Object.keys(Spec)) expect(spec).toHaveProperty(key);
    for (const key of Object.keys(Object(Spec['TaskTemplate']))) {
      expect(spec.TaskTemplate).toHaveProperty(key);
    }
    // Without this header, and without a query for it, the engine keeps the credentials that it has.
    expect(headers).not.toHaveProperty('x-registry-auth');
    if (status !== 200) continue;
    expect(differences(last, spec)).toBeLessThanOrEqual(1);
    last = spec;
  }
}

/** How many of the things that clients change differ. */
function differences(before: Record<string, unknown>, after: Record<string, unknown>): number {
  const facts = (spec: Record<string, unknown>) => {
    const { ContainerSpec } = Object(spec['TaskTemplate']);
    const labels = Object.entries(Object(spec['Labels'])).map(
      ([name, value]) => [`label ${name}`, value] as const,
    );
    const env = (ContainerSpec.Env ?? []).map((entry: string) => entry.split('=', 2));
    return new Map<string, unknown>([
      ...labels,
      ...env,
      ['image', ContainerSpec.Image],
      ['replicas', Object(spec['Mode']).Replicated.Replicas],
    ]);
  };
  const [was, is] = [facts(before), facts(after)];
  return [...new Set([...was.keys(), ...is.keys()])].filter((key) => was.get(key) !== is.get(key))
    .length;
}

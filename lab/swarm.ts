import { z } from 'zod';
import { ask, call } from './engine';
import { until } from './exec';
import { addressesOf, HAT, type NodeName, socketOf } from './layout';

const CTRL = socketOf('ctrl');
const Tokens = z.object({ JoinTokens: z.object({ Worker: z.string() }) });
const Nodes = z.array(
  z.object({
    ID: z.string(),
    Version: z.object({ Index: z.number() }),
    Spec: z.looseObject({ Availability: z.string() }),
    Description: z.object({ Hostname: z.string() }),
    Status: z.object({ State: z.string() }),
  }),
);
const Anything = z.unknown();

/** Makes ctrl the manager of a new swarm and returns the join token for workers. */
export async function initSwarm(prefix: string): Promise<string> {
  const address = addressesOf(prefix).nodes.ctrl;
  await ask(CTRL, Anything, 'POST', '/swarm/init', {
    ListenAddr: `${address}:2377`,
    AdvertiseAddr: address,
  });
  return (await ask(CTRL, Tokens, 'GET', '/swarm')).JoinTokens.Worker;
}

/** Joins one node as a worker. */
export async function joinSwarm(prefix: string, node: NodeName, token: string): Promise<void> {
  const { nodes } = addressesOf(prefix);
  await ask(socketOf(node), Anything, 'POST', '/swarm/join', {
    ListenAddr: `${nodes[node]}:2377`,
    AdvertiseAddr: nodes[node],
    RemoteAddrs: [`${nodes.ctrl}:2377`],
    JoinToken: token,
  });
}

/** The swarm's nodes, from the manager. */
export function listNodes(): Promise<z.infer<typeof Nodes>> {
  return ask(CTRL, Nodes, 'GET', '/nodes');
}

/** Waits until the manager reports all five nodes ready. */
export async function allReady(): Promise<void> {
  await until('five nodes to be ready', async () => {
    const nodes = await listNodes().catch(() => []);
    const ready = nodes.filter((node) => node.Status.State === 'ready');
    return ready.length === HAT.length ? true : undefined;
  });
}

const Ingress = z.object({ Peers: z.array(z.object({ IP: z.string() })).nullish() });

/**
 * Waits until each engine's gossip lists all five nodes of the ingress network: a node that it does not
 * list cannot be reached through the mesh. After a restart of the manager or a mended link that takes up to
 * a minute (the engines try to rejoin every 60 s), though `node ls` prints Ready long before.
 */
export async function gossipComplete(): Promise<void> {
  await until(
    'the engines to find each other again in the ingress network',
    async () => {
      const known = await Promise.all(
        HAT.map(async (node) => {
          const seen = await ask(socketOf(node), Ingress, 'GET', '/networks/ingress').catch(
            () => null,
          );
          return new Set(seen?.Peers?.map((peer) => peer.IP)).size;
        }),
      );
      return known.every((count) => count === HAT.length) ? true : undefined;
    },
    { withinMs: 150_000, everyMs: 200 },
  );
}

/** Sets every node's availability to `active`. */
export async function activateAll(): Promise<void> {
  for (const node of await listNodes()) {
    if (node.Spec.Availability === 'active') continue;
    const spec = { ...node.Spec, Availability: 'active' };
    await ask(
      CTRL,
      Anything,
      'POST',
      `/nodes/${node.ID}/update?version=${node.Version.Index}`,
      spec,
    );
  }
}

const Named = z.array(z.object({ ID: z.string() }));
const Networks = z.array(
  z.object({ Id: z.string(), Scope: z.string(), Ingress: z.boolean().optional() }),
);

/** Removes all services, then the stacks' networks, secrets and configs, and waits for the last task. */
export async function removeEverything(): Promise<void> {
  for (const { ID } of await ask(CTRL, Named, 'GET', '/services')) {
    await ask(CTRL, Anything, 'DELETE', `/services/${ID}`);
  }
  await until('the last task to be gone', async () => {
    const tasks = await ask(CTRL, z.array(Anything), 'GET', '/tasks');
    return tasks.length === 0 ? true : undefined;
  });
  for (const kind of ['secrets', 'configs']) {
    for (const { ID } of await ask(CTRL, Named, 'GET', `/${kind}`)) {
      await ask(CTRL, Anything, 'DELETE', `/${kind}/${ID}`);
    }
  }
  for (const network of await ask(CTRL, Networks, 'GET', '/networks')) {
    if (network.Scope !== 'swarm' || network.Ingress === true) continue;
    await ask(CTRL, Anything, 'DELETE', `/networks/${network.Id}`);
  }
  await removeContainers();
}

const Containers = z.array(z.object({ Id: z.string() }));

/**
 * Removes remaining containers: a task that the manager has removed may still be stopping, and one whose
 * engine was killed is never removed. Both keep their image in use.
 */
async function removeContainers(): Promise<void> {
  await until('the last container to be gone', async () => {
    const left = await Promise.all(
      HAT.map(async (node) => {
        const containers = await ask(
          socketOf(node),
          Containers,
          'GET',
          '/containers/json?all=true',
        );
        for (const { Id } of containers) {
          // 404 and 409: the engine is removing it already.
          await call(socketOf(node), 'DELETE', `/containers/${Id}?force=true&v=true`);
        }
        return containers.length;
      }),
    );
    return left.every((count) => count === 0) ? true : undefined;
  });
}

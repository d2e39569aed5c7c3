import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import * as z from 'zod/mini';
import { liveMessageSchema, problemSchema, swarmSchema, type Status } from '@/lib/api';
import { startRouteServer } from '@/tests/support/route-server';
import { createEventReader } from '@/lib/client/event-reader';
import { type Client, type TestEngine, until } from './engines';

/** How a node is disconnected from the others while it runs, and connected again. */
export interface Cables {
  cut: (node: string) => Promise<void>;
  mend: (node: string) => Promise<void>;
}

/** The leader answers without a majority for some 15 s, and a call may wait for 20 s more. */
const LOST = { timeout: 90_000, interval: 500 };

/** Every status that a live stream has sent so far. */
function statusesOf({ body }: Response): Status[] {
  const statuses: Status[] = [];
  const read = createEventReader();
  const decoder = new TextDecoder();
  const end = async () => {
    for await (const piece of body ?? []) {
      for (const { data } of read(decoder.decode(piece, { stream: true }))) {
        const message = liveMessageSchema.parse(JSON.parse(data));
        if (message.kind === 'status') statuses.push(message.status);
      }
    }
  };
  // The test ends it.
  void end().catch(() => {});
  return statuses;
}

/**
 * A swarm that loses the majority of its managers and gets it back: what the engine answers, and what the dashboard makes
 * of it. Nothing else can use the swarm meanwhile. Real engines do the same (measured in the lab on 20.10 by `break` and
 * `mend`), but take more than a minute, so it is run on the demo only. What they refuse meanwhile they may still do once
 * the majority is back, as the leader keeps what it has proposed.
 */
export function quorum(engine: () => TestEngine, { cut, mend }: Cables): void {
  const client = (): Client => engine().client;

  describe('two managers', () => {
    let server: Awaited<ReturnType<typeof startRouteServer>>;
    beforeAll(async () => {
      vi.stubEnv('DOCKER_HOST', `unix://${engine().socketPath}`);
      vi.stubEnv('HOSTNAME', '127.0.0.1');
      vi.stubEnv('LOG_LEVEL', 'error');
      for (const name of ['DASHBOARD_PASSWORD', 'DASHBOARD_TOKEN']) vi.stubEnv(name, '');
      server = await startRouteServer();
    });
    afterAll(async () => {
      await server.close();
      vi.unstubAllEnvs();
    });

    const answer = async (method: string, path: string, body?: object) => {
      const response = await fetch(server.url + path, {
        method,
        headers: body ? { 'content-type': 'application/json' } : {},
        ...(body && { body: JSON.stringify(body) }),
      });
      return { status: response.status, json: (await response.json()) as unknown };
    };
    const swarm = async () => z.parse(swarmSchema, (await answer('GET', '/api/swarm')).json);
    const setRole = (Role: string) =>
      // Right after a change of the managers there can be no leader for a moment.
      vi.waitFor(
        () => client().update('nodes', 'zero1', (spec) => void (spec['Role'] = Role)),
        LOST,
      );
    const labelled = (at: string) =>
      answer('PATCH', '/api/nodes/zero2', { labels: { quorum: at } });
    const managerStatus = async (name: string) =>
      (await client().nodes()).find(({ Description }) => Description?.Hostname === name)
        ?.ManagerStatus;

    test('without their majority nothing is read and changed, and the dashboard says so until it is back', async (context) => {
      context.onTestFinished(async () => {
        await mend('zero1');
        await setRole('worker');
        await vi.waitFor(
          () => client().update('nodes', 'zero2', (spec) => void (spec['Labels'] = {})),
          LOST,
        );
      });
      await setRole('manager');
      await until(
        async () => (await managerStatus('zero1'))?.Reachability === 'reachable',
        'the second manager takes part',
      );
      // An open page.
      const page = new AbortController();
      context.onTestFinished(() => page.abort());
      const stream = await fetch(`${server.url}/api/live`, { signal: page.signal });
      const shown = statusesOf(stream);
      const before = await swarm();
      expect(before.status.state).toBe('live');

      await cut('zero1');
      // Until the leader notices it, a change may wait, but it is not made.
      const refused = await vi.waitFor(async () => {
        const { status, json } = await labelled('lost');
        expect(status).toBe(503);
        return problemSchema.parse(json);
      }, LOST);
      expect(refused).toMatchObject({
        kind: 'no-quorum',
        detail: 'The swarm has no leader: too few managers can reach each other.',
      });
      const read = await vi.waitFor(async () => {
        const { status, body } = await client().call('GET', '/nodes');
        expect(status).toBe(500);
        return z.parse(z.object({ message: z.string() }), body);
      }, LOST);
      expect(read.message).toMatch(
        /The swarm does not have a leader\. It's possible that too few managers are online\./,
      );

      // What was known stays, with the reason.
      const lost = await vi.waitFor(async () => {
        const { status, json } = await answer('GET', '/readyz').catch(() => ({
          status: 0,
          json: {},
        }));
        expect([status, json]).toEqual([503, expect.anything()]);
        return problemSchema.parse(json);
      }, LOST);
      expect(lost.kind).toBe('no-quorum');
      expect(await answer('GET', '/api/swarm')).toMatchObject({
        status: 503,
        json: { kind: 'no-quorum', next: expect.stringContaining('--force-new-cluster') },
      });
      // The open page keeps what it has, with the reason.
      await vi.waitFor(() => {
        expect(shown.at(-1)).toMatchObject({ state: 'stale', problem: { kind: 'no-quorum' } });
      }, LOST);

      await mend('zero1');
      await vi.waitFor(async () => {
        const now = await swarm();
        expect([now.status.state, shown.at(-1)]).toEqual([
          'live',
          expect.objectContaining({ state: 'live' }),
        ]);
        expect(now.view.nodes).toHaveLength(before.view.nodes.length);
      }, LOST);
      await until(
        async () => (await managerStatus('zero1'))?.Reachability === 'reachable',
        'both managers can be reached again',
      );
      await vi.waitFor(async () => expect((await labelled('back')).status).toBe(202), LOST);
      expect((await client().raw('nodes', 'zero2')).Spec['Labels']).toMatchObject({
        quorum: 'back',
      });
      expect(server.defects).toEqual([]);
    });
  });
}

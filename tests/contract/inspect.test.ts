import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withDefaults } from '@/lib/swarm/spec/default-values';
import { createServiceSchema } from '@/lib/swarm/spec/form';
import { inspectNodePretty } from '@/lib/swarm/spec/inspect-node-pretty';
import { inspectPretty } from '@/lib/swarm/spec/inspect-pretty';
import { partOf, type RawSpec } from '@/lib/swarm/spec/raw-spec';
import { specOf } from '@/lib/swarm/spec/spec-of';
import { aFullNode, FULL_NODE } from '@/tests/factories/full-node';
import { FULL_SERVICE } from '@/tests/factories/full-service';
import { aCreate } from '@/tests/factories/service-forms';
import { CLIENTS, NO_CLIENT } from './docker-client';
import { recordingEngine, type RecordingEngine } from './recording-engine';

/** `docker service inspect --pretty` and `docker node inspect --pretty` of docker's own client, line by line. */

const exec = promisify(execFile);
const create = createServiceSchema(1000);

describe.skipIf(NO_CLIENT).each(CLIENTS)('%s', (binary) => {
  let engine: RecordingEngine;
  beforeAll(async () => {
    engine = await recordingEngine('1.41', null);
  });
  afterAll(() => engine.close());

  async function pretty(entity: RawSpec, what: 'service' | 'node' = 'service'): Promise<string> {
    Object.assign(engine.entity, entity);
    const env = { ...process.env, DOCKER_HOST: `unix://${engine.socketPath}` };
    const { stdout } = await exec(binary, [what, 'inspect', '--pretty', 'goweb'], { env });
    return stdout;
  }

  async function compare(service: RawSpec): Promise<void> {
    const whole = { ID: 'service1', Version: { Index: 1 }, UpdateStatus: null, ...service };
    const ours = inspectPretty(whole, { now: Date.now() });
    // The engine fills in its defaults for this command.
    const theirs = await pretty({ ...whole, Spec: withDefaults(partOf(whole, 'Spec')) });
    expect(ours).toBe(theirs);
  }

  test('services of every mode', async () => {
    await fc.assert(
      fc.asyncProperty(aCreate(), async (input) => {
        const spec = JSON.parse(JSON.stringify(specOf(create.parse(input)))) as RawSpec;
        await compare({ Spec: spec, Endpoint: partOf(spec, 'EndpointSpec') });
      }),
      { numRuns: 100 },
    );
  });

  test('everything that the template knows', async () => {
    await compare(FULL_SERVICE);
    await compare({ ...FULL_SERVICE, Spec: { ...partOf(FULL_SERVICE, 'Spec'), Mode: {} } });
    await compare({ ...FULL_SERVICE, Spec: { Name: 'bare', TaskTemplate: { ContainerSpec: {} } } });
  });

  test('nodes with and without each part', async () => {
    const compareNode = async (node: RawSpec) => {
      expect(inspectNodePretty(node)).toBe(await pretty(node, 'node'));
    };
    await compareNode(FULL_NODE);
    await fc.assert(fc.asyncProperty(aFullNode(), compareNode), { numRuns: 50 });
  });

  test.each(['updating', 'paused', 'completed', 'rollback_completed'])(
    'an update that is %s',
    async (State) => {
      const at = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
      const UpdateStatus = {
        State,
        StartedAt: at(90),
        CompletedAt: at(7),
        Message: 'update completed',
      };
      await compare({ ...FULL_SERVICE, UpdateStatus });
      await compare({ ...FULL_SERVICE, UpdateStatus: { State } });
    },
  );
});

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCommand, nodeCommand, updateCommand } from '@/lib/swarm/spec/commands';
import { createServiceSchema, patchServiceSchema, type PatchService } from '@/lib/swarm/spec/form';
import { patchNode, patchNodeSchema, type NodePatch } from '@/lib/swarm/spec/node-form';
import { patchErrors, patchSpec } from '@/lib/swarm/spec/patch-spec';
import type { RawSpec } from '@/lib/swarm/spec/raw-spec';
import { specOf, type ResolvedImage } from '@/lib/swarm/spec/spec-of';
import { aCreate, aPatch } from '@/tests/factories/service-forms';
import { CLIENTS, NO_CLIENT } from './docker-client';
import { recordingEngine, type RecordingEngine } from './recording-engine';

/**
 * The commands that the dashboard shows, run by a shell with docker's own client: it posts the spec that the dashboard
 * would post.
 */

const exec = promisify(execFile);
const create = createServiceSchema(1000);
const patchService = patchServiceSchema(1000);

/** Each run starts a client. */
const RUNS = { numRuns: 25 };

describe.skipIf(NO_CLIENT).each(CLIENTS)('%s', (binary) => {
  describe.each([
    ['an image that its registry knows', `sha256:${'ab'.repeat(32)}`],
    ['a registry that does not answer', null],
  ])('with %s', (_, digest) => {
    let engine: RecordingEngine;
    const resolved: ResolvedImage | null =
      digest === null ? null : { digest, platforms: [{ architecture: 'arm', os: 'linux' }] };
    beforeAll(async () => {
      engine = await recordingEngine('1.41', digest);
    });
    afterAll(() => engine.close());

    /** Runs a command of the dashboard in a shell and returns the spec that the client posted. */
    async function posted(command: string): Promise<RawSpec> {
      engine.posted.length = 0;
      const detached = command.replace(/^(docker service (create|update|scale)) /, '$1 --detach ');
      const env = {
        ...process.env,
        DOCKER_HOST: `unix://${engine.socketPath}`,
        DOCKER_BIN: binary,
      };
      await exec('sh', ['-c', `docker() { "$DOCKER_BIN" "$@"; }; ${detached}`], { env });
      expect(engine.unknown).toEqual([]);
      const [spec] = engine.posted;
      if (!spec) throw new Error(`${command} posted nothing`);
      return spec;
    }

    test('the command to create a service posts the spec of its form', async () => {
      await fc.assert(
        fc.asyncProperty(aCreate(), async (input) => {
          const form = create.parse(input);
          expect(stored(await posted(createCommand(form)))).toEqual(stored(specOf(form, resolved)));
        }),
        RUNS,
      );
    });

    test('the command to update a service posts the spec with the patch applied', async () => {
      await fc.assert(
        fc.asyncProperty(aCreate(), aPatch(), async (input, change: PatchService) => {
          const spec = specOf(create.parse(input), null);
          const patch = patchService.parse(change);
          fc.pre(patchErrors(spec, patch).length === 0);
          engine.entity.Spec = JSON.parse(JSON.stringify(spec));
          const theirs = stored(await posted(updateCommand('goweb', patch)));
          expect(theirs).toEqual(stored(patchSpec(spec, patch, resolved)));
        }),
        RUNS,
      );
    });

    test('the command to update a node posts the spec with the patch applied', async () => {
      const spec = { Name: 'a', Role: 'worker', Availability: 'active', Labels: { disk: 'ssd' } };
      for (const change of [
        { role: 'manager' },
        { availability: 'drain' },
        { availability: 'pause', role: 'manager' },
        { labels: { disk: null, a$b: "it's $HOME", c: '' } },
      ] satisfies NodePatch[]) {
        const patch = patchNodeSchema.parse(change);
        engine.entity.Spec = structuredClone(spec);
        const theirs = await posted(nodeCommand('zero1', patch));
        expect(stored(theirs)).toEqual(stored(patchNode(spec, patch)));
      }
    });
  });
});

/**
 * A spec as the engine stores it: without what Go leaves out, environments in any order (the client's is random), and
 * a constraint that the client adds a second time once.
 */
function stored(spec: RawSpec): unknown {
  const clean = (value: unknown, key = ''): unknown => {
    if (Array.isArray(value)) {
      const list = value.map((one) => clean(one));
      if (key === 'Constraints') return [...new Set(list)];
      return key === 'Env' ? list.map(String).sort((a, b) => (a < b ? -1 : 1)) : list;
    }
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .map(([name, one]) => [name, clean(one, name)] as const)
        .filter(([, one]) => !isEmpty(one)),
    );
  };
  const copy = JSON.parse(JSON.stringify(spec));
  // The client sends no number where none is given; the engine takes 1.
  const { Replicated, ReplicatedJob } = copy.Mode ?? {};
  if (Replicated) Replicated.Replicas = `${Replicated.Replicas ?? 1}`;
  if (ReplicatedJob) {
    const { MaxConcurrent = 1, TotalCompletions = MaxConcurrent } = ReplicatedJob;
    copy.Mode.ReplicatedJob = { of: `${MaxConcurrent} ${TotalCompletions}` };
  }
  return clean(copy);
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === 0 || value === '') {
    return true;
  }
  return typeof value === 'object' && Object.keys(value).length === 0;
}

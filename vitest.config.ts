import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const alias = { '@': import.meta.dirname };
const node = { environment: 'node' as const, restoreMocks: true };

// Long limits: a busy machine must not fail a test.
const unit = { ...node, testTimeout: 30_000, hookTimeout: 30_000 };

/** Tests that replace modules or values of the whole process, which must not reach another file. */
const NEEDS_OWN_PROCESS = /\bvi\.(mock|resetModules)\b|Symbol\.for/;

/** Unit tests stand beside their files. */
const ROOMS = ['app', 'bin', 'components', 'demo', 'lab', 'lib', 'scripts', 'server'];
const ownProcess = ROOMS.flatMap((room) =>
  readdirSync(join(import.meta.dirname, room), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => join(room, file)),
)
  .filter((file) => NEEDS_OWN_PROCESS.test(readFileSync(join(import.meta.dirname, file), 'utf8')))
  // As a pattern: brackets are part of some folders' names.
  .map((file) => file.replaceAll(/[[\]()]/g, String.raw`\$&`));

/** Files that wait come first; files that share a process come last, because only they can use it after each other. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ project }: TestSpecification) =>
      ['contract', 'unit-own-process', 'unit'].indexOf(project.name);
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

/**
 * One project for each kind of test, so that each can be run where its surroundings exist:
 * `unit` and `unit-own-process` anywhere, `contract` on the demo and on CONTRACT_DOCKER_HOST, `echo` with Go and QEMU,
 * `release` on the packed release, `attacks` on the built server, `lab` as root on a running lab.
 */
export default defineConfig({
  test: {
    // The contract mostly waits.
    maxWorkers: availableParallelism() + 2,
    sequence: { sequencer: LongestFirst },
    // Measured with `--coverage`, in the unit stage of `npm test`; `npm run check` does without.
    coverage: {
      include: ['lib/swarm/**/*.ts', 'lib/curl/**/*.ts'],
      exclude: ['**/*.test.ts'],
      reporter: ['text'],
      reportOnFailure: true,
      thresholds: {
        'lib/swarm/**': { statements: 98, branches: 94, functions: 97, lines: 98 },
        'lib/curl/**': { statements: 98, branches: 94, functions: 98, lines: 99 },
      },
    },
    projects: [
      {
        resolve: { alias },
        test: {
          ...unit,
          name: 'unit',
          include: [`{${ROOMS.join()}}/**/*.test.ts`],
          exclude: ownProcess,
          // Loading the same modules again for each file would take longer than the tests.
          isolate: false,
        },
      },
      {
        resolve: { alias },
        test: { ...unit, name: 'unit-own-process', include: ownProcess },
      },
      {
        resolve: { alias },
        test: {
          ...node,
          name: 'contract',
          include: ['tests/contract/**/*.test.ts'],
          testTimeout: 900_000,
          hookTimeout: 240_000,
        },
      },
      {
        resolve: { alias },
        test: { ...node, name: 'echo', include: ['tests/echo/**/*.test.ts'], testTimeout: 120_000 },
      },
      {
        resolve: { alias },
        test: {
          ...node,
          name: 'release',
          include: ['tests/release/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
      {
        resolve: { alias },
        test: {
          ...node,
          name: 'attacks',
          include: ['tests/attacks/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          expect: { poll: { timeout: 45_000 } },
          fileParallelism: false,
        },
      },
      {
        resolve: { alias },
        test: {
          ...node,
          name: 'lab',
          include: ['tests/lab/**/*.test.ts'],
          testTimeout: 360_000,
          hookTimeout: 360_000,
          fileParallelism: false,
        },
      },
    ],
  },
});

import { defineConfig } from 'vitest/config';

const alias = { '@': import.meta.dirname };
const node = { environment: 'node' as const, restoreMocks: true };

/**
 * One project for each kind of test, so that each can be run where its surroundings exist:
 * `unit` anywhere, `contract` on the demo and on CONTRACT_DOCKER_HOST, `echo` with Go and QEMU,
 * `release` on the packed release, `attacks` on the built server, `lab` as root on a running lab.
 */
export default defineConfig({
  test: {
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
          ...node,
          name: 'unit',
          // Long limits: a busy machine must not fail a test.
          testTimeout: 30_000,
          include: ['{app,bin,components,demo,lab,lib,scripts,server}/**/*.test.ts'],
        },
      },
      {
        resolve: { alias },
        test: {
          ...node,
          name: 'contract',
          include: ['tests/contract/**/*.test.ts'],
          testTimeout: 60_000,
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
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: { poll: { timeout: 15_000 } },
          fileParallelism: false,
        },
      },
      {
        resolve: { alias },
        test: {
          ...node,
          name: 'lab',
          include: ['tests/lab/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});

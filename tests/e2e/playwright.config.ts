import { defineConfig } from '@playwright/test';
import { CHROMIUM } from '../support/chromium';

const launchOptions = {
  executablePath: CHROMIUM,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
  ],
};

/**
 * The production build in the system's Chromium. `lab` needs a running lab (`npm run -s lab -- up`)
 * and root; `demo` starts the embedded swarm itself; `proxies` too, and needs Debian's nginx and Caddy.
 */
export default defineConfig({
  testDir: '.',
  outputDir: `../../${process.env.TEST_RESULTS ?? 'test-results'}`,
  // Tests of one file share a swarm and cause faults in it, so they run one after the other.
  workers: 3,
  fullyParallel: false,
  forbidOnly: !!process.env.CI,
  retries: 0,
  // Long limits: a busy machine must not fail a test.
  timeout: 240_000,
  expect: { timeout: 45_000 },
  reporter: process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ? [['list'], ['json']] : [['list']],
  use: {
    // A trace (`--trace on`) takes a quarter more processor time.
    trace: 'off',
    screenshot: 'only-on-failure',
    // Answers that fly over the board take a fifth of the processor time. Tests of motion ask for it.
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions,
  },
  projects: [
    // Each worker has its own demo swarm and dashboard.
    { name: 'demo', testDir: 'demo' },
    {
      name: 'proxies',
      testDir: '../proxies',
      workers: 1,
      use: {
        // A host name as in a home network, and self-signed certificates.
        ignoreHTTPSErrors: true,
        launchOptions: {
          ...launchOptions,
          args: [...launchOptions.args, '--host-resolver-rules=MAP swarm.home 127.0.0.1'],
        },
      },
    },
    // Real engines, several per core.
    { name: 'lab', testDir: 'lab', workers: 1 },
  ],
});

import { defineConfig } from '@playwright/test';

/**
 * The production build in the system's Chromium. `lab` needs a running lab (`npm run -s lab -- up`)
 * and root; `demo` starts the embedded swarm itself.
 */
export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results',
  // One swarm, and faults in it: tests take turns.
  workers: 1,
  fullyParallel: false,
  forbidOnly: !!process.env.CI,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ? [['list'], ['json']] : [['list']],
  use: {
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
      ],
    },
  },
  projects: [
    { name: 'demo', testDir: 'demo' },
    // Real engines, several to a core.
    { name: 'lab', testDir: 'lab', timeout: 180_000 },
  ],
});

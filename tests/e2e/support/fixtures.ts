import { test as base, expect } from './console';
import { startDashboard, type DashboardProcess, type DashboardOptions } from './dashboard';
import { dockerHost, removeService, seedState, type SeedOptions } from './lab';

export { expect };

interface TestFixtures {
  /** Starts a dashboard for this test, which ends with it. */
  start: (options?: Partial<DashboardOptions>) => Promise<DashboardProcess>;
  /** Resets the swarm: goweb with three running replicas. */
  seed: (options?: SeedOptions) => Promise<void>;
  /** Names of services that the test creates; they are removed after it. */
  cleanUp: (service: string) => string;
}

interface WorkerFixtures {
  /** A dashboard on ctrl's engine that all tests of a file can share. */
  dashboard: DashboardProcess;
}

/** Tests in the browser on the real swarm of the lab. A console error or a thrown one fails the test. */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  dashboard: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads the parameter's names
    async ({}, use) => {
      const dashboard = await startDashboard({ dockerHost: dockerHost() });
      await use(dashboard);
      await dashboard.stop();
    },
    { scope: 'worker' },
  ],

  baseURL: async ({ dashboard }, use) => use(dashboard.url),

  start: async ({ page }, use) => {
    const started: DashboardProcess[] = [];
    await use(async (options = {}) => {
      const dashboard = await startDashboard({ dockerHost: dockerHost(), ...options });
      started.push(dashboard);
      return dashboard;
    });
    // A page that is still open would report the end of its server on the console.
    await page.goto('about:blank');
    for (const dashboard of started) await dashboard.stop();
  },

  // oxlint-disable-next-line no-empty-pattern -- Playwright reads the parameter's names
  seed: async ({}, use) => use(seedState),

  // oxlint-disable-next-line no-empty-pattern -- Playwright reads the parameter's names
  cleanUp: async ({}, use) => {
    const made: string[] = [];
    await use((service) => {
      made.push(service);
      return service;
    });
    for (const service of made) await removeService(service);
  },
});

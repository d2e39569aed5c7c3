import { test as base, expect } from './console';
import { startDashboard, type DashboardProcess, type DashboardOptions } from './dashboard';
import {
  createService,
  running,
  services,
  startDemo,
  type TestDemoOptions,
  type DemoSwarm,
} from './demo';

export { expect };

interface TestFixtures {
  /** Starts a dashboard for this test, on the shared swarm by default. */
  start: (options?: Partial<DashboardOptions>) => Promise<DashboardProcess>;
  /** Starts a demo swarm for this test. */
  startSwarm: (options?: TestDemoOptions) => Promise<DemoSwarm>;
  /** Before each test: no faults, no other services, goweb with three running tasks. */
  seeded: undefined;
}

interface WorkerFixtures {
  /** A demo swarm, four times as fast as a real one, that the tests of a file share. */
  swarm: DemoSwarm;
  /** A dashboard on it. */
  dashboard: DashboardProcess;
}

/** How much faster than a real swarm the shared demo is: a Zero is down after 4 s instead of 15. */
export const SPEED = 4;

/** Tests in the browser on the demo swarm. */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  swarm: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads the parameter's names
    async ({}, use) => {
      const swarm = await startDemo({ speed: SPEED });
      await use(swarm);
      await swarm.stop();
    },
    { scope: 'worker' },
  ],

  dashboard: [
    async ({ swarm }, use) => {
      const dashboard = await startDashboard({ dockerHost: swarm.dockerHost });
      await use(dashboard);
      await dashboard.stop();
    },
    { scope: 'worker' },
  ],

  baseURL: async ({ dashboard }, use) => use(dashboard.url),

  seeded: [
    async ({ swarm }, use) => {
      await seed(swarm);
      await use(undefined);
      await swarm.control('/reset');
    },
    { auto: true },
  ],

  start: async ({ swarm, page }, use) => {
    const started: DashboardProcess[] = [];
    await use(async (options = {}) => {
      const dashboard = await startDashboard({ dockerHost: swarm.dockerHost, ...options });
      started.push(dashboard);
      return dashboard;
    });
    // A page that is still open would report the end of its server on the console.
    await page.goto('about:blank');
    for (const dashboard of started) await dashboard.stop();
  },

  startSwarm: async ({ page }, use) => {
    const started: DemoSwarm[] = [];
    await use(async (options) => {
      const swarm = await startDemo(options);
      started.push(swarm);
      return swarm;
    });
    await page.goto('about:blank');
    for (const swarm of started) await swarm.stop();
  },
});

const IMAGE = 'carmeloc/goweb:1.0';
const PORTS = [
  { Protocol: 'tcp', TargetPort: 8080, PublishedPort: 8888, PublishMode: 'ingress' },
] as const;

async function seed(swarm: DemoSwarm): Promise<void> {
  await swarm.control('/reset');
  const history = await withHistory(swarm);
  // Tests name the slots 1, 2 and 3: a service that was scaled down may have kept others.
  const slots = (await running(swarm, 'goweb')).map((task) => task.split(' ')[0]).join();
  for (const { ID, Spec } of await services(swarm)) {
    const three = Spec.Mode.Replicated?.Replicas === 3 && slots === 'goweb.1,goweb.2,goweb.3';
    const wanted = Spec.Name === 'goweb' && three;
    // Failures stay in a service's history and make swarm avoid their nodes, so each test has a new service.
    if (!wanted || history.has(ID) || !Spec.TaskTemplate.ContainerSpec?.Image?.startsWith(IMAGE)) {
      await swarm.engine('DELETE', `/services/${ID}`);
    }
  }
  const nodes = (await swarm.engine('GET', '/nodes')) as {
    ID: string;
    Version: { Index: number };
    Spec: { Availability: string; Role: string; Labels: Record<string, string> };
    Description: { Hostname: string };
  }[];
  for (const { ID, Version, Spec, Description } of nodes) {
    const Role = Description.Hostname === 'ctrl' ? 'manager' : 'worker';
    const labels = Object.keys(Spec.Labels).length;
    if (Spec.Availability === 'active' && Spec.Role === Role && labels === 0) continue;
    const spec = { ...Spec, Availability: 'active', Role, Labels: {} };
    await swarm.engine('POST', `/nodes/${ID}/update?version=${Version.Index}`, spec);
  }
  if (!(await services(swarm)).some(({ Spec }) => Spec.Name === 'goweb')) {
    const made = { EndpointSpec: { Mode: 'vip' as const, Ports: [...PORTS] } };
    await createService(swarm, 'goweb', made);
  }
  // Settled: exactly the wanted number of tasks, on nodes that are up.
  await expect
    .poll(async () => [(await running(swarm, 'goweb')).length, await notReady(swarm)])
    .toEqual([3, 0]);
}

/** Services that still have ended tasks in swarm's list. */
async function withHistory(swarm: DemoSwarm): Promise<Set<string>> {
  const tasks = (await swarm.engine('GET', '/tasks')) as {
    ServiceID: string;
    DesiredState: string;
  }[];
  const ended = tasks.filter(({ DesiredState }) => DesiredState === 'shutdown');
  return new Set(ended.map(({ ServiceID }) => ServiceID));
}

async function notReady(swarm: DemoSwarm): Promise<number> {
  const nodes = (await swarm.engine('GET', '/nodes')) as { Status: { State: string } }[];
  return nodes.filter(({ Status }) => Status.State !== 'ready').length;
}

import type { Oddity } from './odd-engine';

/**
 * Odd responses that real engines send at times. Each case makes one thing odd about a healthy engine; what the
 * dashboard shows in each is in tests/contract/odd.
 */

/** The parts of the engine's JSON that cases edit. */
interface RawNode {
  [field: string]: unknown;
  Spec: Record<string, unknown>;
  Status: Record<string, unknown>;
  Description: { Hostname: string; Platform: Record<string, unknown> };
  ManagerStatus?: Record<string, unknown>;
}
interface RawService {
  [field: string]: unknown;
  Spec: { [field: string]: unknown; TaskTemplate: { Placement?: Record<string, unknown> } };
}
interface RawTask {
  [field: string]: unknown;
  Status: Record<string, unknown>;
}
interface RawLists {
  '/nodes': RawNode;
  '/services': RawService;
  '/tasks': RawTask;
}

/** Edits one list of the engine, each time a copy. */
export function editList<P extends keyof RawLists>(
  list: P,
  edit: (entities: RawLists[P][]) => unknown[],
): Oddity {
  return ({ method, path, json }) => {
    if (method !== 'GET' || path !== list || !Array.isArray(json)) return undefined;
    return { body: edit(structuredClone(json) as RawLists[P][]) };
  };
}

/** Edits every entity of one list. */
export function editEach<P extends keyof RawLists>(
  list: P,
  edit: (entity: RawLists[P], index: number) => unknown,
): Oddity {
  return editList(list, (entities) => entities.map(edit));
}

/** Adds copies of a list's entity `from`, edited by `edits`. */
function addCopies<P extends keyof RawLists>(
  list: P,
  from: number,
  ...edits: ((entity: RawLists[P]) => unknown)[]
): Oddity {
  return editList(list, (entities) => {
    const entity = entities[from];
    if (!entity) return entities;
    return [...entities, ...edits.map((edit) => edit(structuredClone(entity)))];
  });
}

/** Several at once; the first that has an answer wins. */
export function both(...oddities: Oddity[]): Oddity {
  return (answer) => oddities.map((odd) => odd(answer)).find((odd) => odd !== undefined);
}

/** As a socket proxy (HAProxy) refuses calls. */
export function refuse(refused: (method: string, path: string) => boolean): Oddity {
  const body =
    '<html><body><h1>403 Forbidden</h1>\nRequest forbidden by administrative rules.\n</body></html>';
  return ({ method, path }) =>
    refused(method, path) ? { status: 403, type: 'text/html', body } : undefined;
}

const ago = (ms: number) => new Date(Date.now() - ms).toISOString();

const CERTIFICATES_EXPIRED =
  'error while loading TLS certificate in /var/lib/docker/swarm/certificates/swarm-node.crt: certificate (1 - u0ayftfqi4z728p) not valid after Wed, 12 Aug 2026 10:11:00 UTC, and it is currently Wed, 25 Nov 2026 20:00:00 UTC: x509: certificate has expired or is not yet valid';

const STOCK_NAMES: Record<string, string> = {
  ctrl: 'cbridge',
  zero1: 'p1',
  zero2: 'p2',
  zero3: 'p3',
  zero4: 'p4',
};

const withHostname = (rename: (name: string) => string) =>
  editEach('/nodes', (node) => ({
    ...node,
    Description: { ...node.Description, Hostname: rename(node.Description.Hostname) },
  }));

const MANAGER = '[fd00::1]:4377';
const JOB = 'jobjobjobjobjobjobjobjob1';

/** Every case, by name. */
export const ODD_CASES = {
  certExpired({ path }) {
    if (path === '/info') {
      const Swarm = {
        NodeID: '',
        NodeAddr: '',
        LocalNodeState: 'error',
        ControlAvailable: false,
        Error: CERTIFICATES_EXPIRED,
      };
      return { body: { Name: 'ctrl', ServerVersion: '20.10.24', Labels: [], Swarm } };
    }
    if (!/^\/(nodes|services|tasks)/.test(path)) return undefined;
    const message =
      'Swarm certificates have expired. To replace them, leave the swarm and join again.';
    return { status: 503, body: { message } };
  },

  hatNames: withHostname((name) => STOCK_NAMES[name] ?? name),
  fqdnNames: withHostname((name) => (name === 'ctrl' ? 'Ctrl' : `${name}.local`)),
  sameName: withHostname((name) => (name.startsWith('zero') ? 'raspberrypi' : name)),

  arm64ctrl: both(
    editEach('/nodes', (node) => {
      if (node.Description.Hostname === 'ctrl') node.Description.Platform.Architecture = 'aarch64';
      return node;
    }),
    addCopies('/tasks', 0, ({ NodeID: _node, ...task }) => ({
      ...task,
      ID: 'pendpendpendpendpendpend1',
      Slot: 9,
      Status: {
        Timestamp: ago(0),
        State: 'pending',
        Message: 'pending task scheduling',
        Err: 'no suitable node (unsupported platform on 1 node)',
      },
    })),
  ),

  replicatedJob: both(
    addCopies('/services', 0, (service) => ({
      ...service,
      ID: JOB,
      Spec: {
        ...service.Spec,
        Name: 'backup',
        Mode: { ReplicatedJob: { MaxConcurrent: 1, TotalCompletions: 3 } },
      },
      Endpoint: {},
      ServiceStatus: { RunningTasks: 1, DesiredTasks: 1, CompletedTasks: 2 },
      JobStatus: { JobIteration: { Index: 12 }, LastExecution: ago(0) },
    })),
    addCopies(
      '/tasks',
      0,
      ...['complete', 'complete', 'running'].map((State, at) => (task: RawTask) => ({
        ...task,
        ID: `jobtaskjobtaskjobtaskjob${at + 1}`,
        ServiceID: JOB,
        Slot: at + 1,
        DesiredState: 'complete',
        JobIteration: { Index: 12 },
        Status: { ...task.Status, State },
      })),
    ),
  ),

  rollbackDone: editEach('/services', (service) => ({
    ...service,
    UpdateStatus: {
      State: 'rollback_completed',
      StartedAt: ago(90_000),
      CompletedAt: ago(60_000),
      Message: 'rollback completed',
    },
  })),

  pausedUpdate: editEach('/services', (service) => ({
    ...service,
    UpdateStatus: {
      State: 'paused',
      StartedAt: ago(90_000),
      Message: 'update paused due to failure or early termination of task abcdefgh',
    },
  })),

  removedService: addCopies(
    '/tasks',
    0,
    ...[1, 2].map((Slot) => (task: RawTask) => ({
      ...task,
      ID: `gonegonegonegonegonegone${Slot}`,
      ServiceID: 'removedremovedremovedrem1',
      DesiredState: 'remove',
      Slot,
    })),
  ),

  goneNode: editEach('/tasks', (task, index) =>
    index === 0 ? { ...task, NodeID: 'nosuchnodenosuchnodenosu1' } : task,
  ),

  vxlan: addCopies('/tasks', 0, (task) => ({
    ...task,
    ID: 'vxlanvxlanvxlanvxlanvxla1',
    Slot: 9,
    DesiredState: 'shutdown',
    Status: {
      Timestamp: ago(0),
      State: 'rejected',
      Message: 'preparing',
      Err: 'network sandbox join failed: subnet sandbox join failed for "10.0.0.0/24": error creating vxlan interface: operation not supported',
      ContainerStatus: { ContainerID: '', PID: 0, ExitCode: 0 },
    },
  })),

  proxyInfo403: refuse((_, path) => path === '/info'),
  proxyNodes403: refuse((_, path) => path === '/nodes'),
  proxyPost403: refuse((method) => method === 'POST'),
  proxyEvents403: refuse((_, path) => path === '/events'),

  oddService: addCopies('/services', 0, (service) => ({
    ...service,
    ID: 'oddoddoddoddoddoddoddodd1',
    Spec: { ...service.Spec, Name: 'odd', Mode: { Replicated: { Replicas: null } } },
  })),

  oddPort: addCopies('/services', 0, (service) => ({
    ...service,
    ID: 'oddoddoddoddoddoddoddodd1',
    Spec: { ...service.Spec, Name: 'odd' },
    Endpoint: { Spec: {}, Ports: [{ Protocol: 'tcp', PublishedPort: 9999 }] },
  })),

  oddNode: addCopies('/nodes', 1, (node) => ({
    ...node,
    ID: 'oddnodeoddnodeoddnodeodd1',
    Version: {},
    Description: {},
    Spec: { ...node.Spec, Labels: { a: null } },
  })),

  oddTask: addCopies('/tasks', 0, ({ Spec: _spec, ...task }) => ({
    ...task,
    ID: 'oddtaskoddtaskoddtaskodd1',
    Status: { State: 'weird', Timestamp: '0001-01-01T00:00:00Z' },
    Slot: 7,
  })),

  ephemeralPort: both(
    editEach('/services', (service) => {
      const Ports = [{ Protocol: 'tcp', TargetPort: 8080, PublishMode: 'host' }];
      const EndpointSpec = { Mode: 'vip', Ports };
      return {
        ...service,
        Spec: { ...service.Spec, EndpointSpec },
        Endpoint: { Spec: EndpointSpec, Ports },
      };
    }),
    editEach('/tasks', (task, index) => ({
      ...task,
      Status: {
        ...task.Status,
        PortStatus: {
          Ports: [
            {
              Protocol: 'tcp',
              TargetPort: 8080,
              PublishedPort: 32_768 + index,
              PublishMode: 'host',
            },
          ],
        },
      },
    })),
  ),

  constraintOnly: editEach('/services', (service) => {
    const template = service.Spec.TaskTemplate;
    const Placement = { ...template.Placement, Constraints: ['node.platform.os==linux'] };
    return { ...service, Spec: { ...service.Spec, TaskTemplate: { ...template, Placement } } };
  }),

  ipv6: both(
    ({ path, json }) => {
      if (path !== '/info') return undefined;
      const info = json as { Swarm: { NodeID: string } };
      const RemoteManagers = [{ NodeID: info.Swarm.NodeID, Addr: MANAGER }];
      return { body: { ...info, Swarm: { ...info.Swarm, NodeAddr: 'fd00::1', RemoteManagers } } };
    },
    editEach('/nodes', (node) =>
      node.ManagerStatus
        ? {
            ...node,
            ManagerStatus: { ...node.ManagerStatus, Addr: MANAGER },
            Status: { ...node.Status, Addr: 'fd00::1' },
          }
        : node,
    ),
  ),
} satisfies Record<string, Oddity>;

/** The name of a case. */
export type OddCase = keyof typeof ODD_CASES;

import type { EngineRole } from '@/lib/demo-control';
import type { Swarm } from '../swarm';
import { clusterSpecSchema, type TokenRole } from '../swarm-settings';
import { digestOf, findImage, referenceProblem, splitDomain } from '../images';
import { parseBody } from '../spec/parse-body';
import { DemoEngineError } from '../errors';
import { PLUGINS } from '../hat';
import { atLeast, type Release } from '../release';
import { checkContentType, empty, json, route, strictFlag, versionOf, type ApiRoute } from './http';

const KERNEL = '6.12.47+rpt-rpi-v7';

/** Sockets that `/info` names. */
export interface Sockets {
  controlSocket: string;
}

const STATES: Record<EngineRole, { state: string; control: boolean }> = {
  manager: { state: 'active', control: true },
  worker: { state: 'active', control: false },
  'no-swarm': { state: 'inactive', control: false },
  locked: { state: 'locked', control: false },
  'no-quorum': { state: 'active', control: true },
};

/** `/_ping`, `/version`, `/info`, `/swarm`, `/distribution`, and empty lists that clients request. */
export function systemRoutes(swarm: Swarm, sockets: Sockets): ApiRoute[] {
  return [
    route('GET', '/_ping', false, () => ({ status: 200, text: 'OK', headers: pingHeaders(swarm) })),
    route('HEAD', '/_ping', false, () => ({ status: 200, text: '', headers: pingHeaders(swarm) })),
    route('OPTIONS', '/:path*', false, () => empty()),
    route('GET', '/version', false, () => json(version(swarm.release))),
    route('GET', '/info', false, ({ api }) => json(info(swarm, sockets, api))),
    route('GET', '/swarm', true, () => json(cluster(swarm))),
    route('POST', '/swarm/update', true, ({ query, body, request }) => {
      checkContentType(body, request.headers['content-type'], swarm.release);
      const spec = parseBody(clusterSpecSchema, body, swarm.release);
      const version = versionOf(query, 'swarm');
      const rotate = (['worker', 'manager'] as const).filter((role) => rotates(query, role));
      swarm.settings.update(version, spec, rotate);
      return empty();
    }),
    route('GET', '/swarm/unlockkey', true, () => json({ UnlockKey: '' })),
    route('GET', '/distribution/:name*/json', false, ({ params }) =>
      distribution(swarm, params[0] ?? ''),
    ),
    route('GET', '/plugins', false, () => json([])),
    route('GET', '/volumes', false, () => json({ Volumes: [], Warnings: null })),
  ];
}

function pingHeaders({ role: present, release }: Swarm): Record<string, string> {
  const { state, control } = STATES[present];
  const role = control ? 'manager' : 'worker';
  return {
    'Cache-Control': 'no-cache, no-store, must-revalidate',
    Pragma: 'no-cache',
    ...(atLeast(release.api, '1.42')
      ? { 'Builder-Version': '2', Swarm: state === 'active' ? `active/${role}` : state }
      : {}),
  };
}

function version({ api, minApi, engine: Version, go }: Release) {
  const common = {
    ApiVersion: api,
    Arch: 'arm',
    BuildTime: '2026-01-01T00:00:00.000000000+00:00',
    GitCommit: 'demo',
    GoVersion: go,
    KernelVersion: KERNEL,
    MinAPIVersion: minApi,
    Os: 'linux',
  };
  return {
    Platform: { Name: 'ClusterHAT demo swarm' },
    Components: [{ Name: 'Engine', Version, Details: { ...common, Experimental: 'false' } }],
    Version,
    ...common,
  };
}

const CONTAINERD = {
  Address: '/run/containerd/containerd.sock',
  Namespaces: { Containers: 'moby', Plugins: 'plugins.moby' },
};

/** `/info`, whose fields depend on the API version of the request. */
function info(swarm: Swarm, sockets: Sockets, api: string) {
  const here = swarm.here();
  const { Description, Status, ID } = here.api;
  const { role } = swarm;
  const { state, control } = STATES[role];
  const nodes = [...swarm.store.nodes.values()];
  const running = swarm.store
    .tasksOnNode(ID)
    .filter(({ api }) => api.Status.State === 'running').length;
  const commit = atLeast(api, '1.49') ? { ID: '' } : { ID: '', Expected: '' };
  const refusal = role === 'no-quorum' ? { Error: NO_QUORUM } : { Error: '' };
  return {
    ID: `${swarm.id}-demo`,
    Containers: running,
    ContainersRunning: running,
    ContainersPaused: 0,
    ContainersStopped: 0,
    Images: 1,
    Driver: 'overlay2',
    DriverStatus: [['Backing Filesystem', 'none: nothing is stored']],
    ...(atLeast(api, '1.41') ? {} : { SystemStatus: null }),
    Plugins: {
      Volume: ['local'],
      Network: PLUGINS.filter(({ Type }) => Type === 'Network').map(({ Name }) => Name),
      Authorization: null,
      Log: PLUGINS.filter(({ Type }) => Type === 'Log').map(({ Name }) => Name),
    },
    MemoryLimit: false,
    SwapLimit: false,
    ...(atLeast(api, '1.42') ? {} : { KernelMemory: false, KernelMemoryTCP: false }),
    CpuCfsPeriod: true,
    CpuCfsQuota: true,
    CPUShares: true,
    CPUSet: true,
    PidsLimit: true,
    IPv4Forwarding: true,
    ...(atLeast(api, '1.50') ? {} : { BridgeNfIptables: true, BridgeNfIp6tables: true }),
    Debug: false,
    NFd: 30,
    OomKillDisable: false,
    NGoroutines: 100,
    SystemTime: swarm.store.stamp(),
    LoggingDriver: 'json-file',
    CgroupDriver: 'systemd',
    ...(atLeast(api, '1.41') ? { CgroupVersion: '2' } : {}),
    NEventsListener: 0,
    KernelVersion: KERNEL,
    OperatingSystem: 'ClusterHAT demo swarm (nothing real runs here)',
    ...(atLeast(api, '1.41') ? { OSVersion: '13' } : {}),
    OSType: 'linux',
    Architecture: Description.Platform.Architecture,
    IndexServerAddress: '',
    RegistryConfig: {
      ...(atLeast(api, '1.49')
        ? {}
        : { AllowNondistributableArtifactsCIDRs: [], AllowNondistributableArtifactsHostnames: [] }),
      InsecureRegistryCIDRs: [],
      IndexConfigs: {},
      Mirrors: [],
    },
    NCPU: Description.Resources.NanoCPUs / 1e9,
    MemTotal: Description.Resources.MemoryBytes,
    GenericResources: null,
    DockerRootDir: '/var/lib/docker',
    HttpProxy: '',
    HttpsProxy: '',
    NoProxy: '',
    Name: Description.Hostname,
    Labels: ['clusterhat.demo=true', `clusterhat.demo.control=${sockets.controlSocket}`],
    ExperimentalBuild: false,
    ServerVersion: swarm.release.engine,
    ...(atLeast(api, '1.41') ? {} : { ClusterStore: '', ClusterAdvertise: '' }),
    Runtimes: { runc: { path: 'runc' } },
    DefaultRuntime: 'runc',
    Swarm:
      state === 'inactive'
        ? {
            NodeID: '',
            NodeAddr: '',
            LocalNodeState: state,
            ControlAvailable: false,
            Error: '',
            RemoteManagers: null,
          }
        : {
            NodeID: ID,
            NodeAddr: Status.Addr,
            LocalNodeState: state,
            ControlAvailable: control,
            ...refusal,
            RemoteManagers: [{ NodeID: ID, Addr: `${Status.Addr}:2377` }],
            ...(control ? { Nodes: nodes.length } : {}),
            ...(control
              ? { Managers: nodes.filter(({ api }) => api.Spec.Role === 'manager').length }
              : {}),
            ...(control ? { Cluster: clusterInfo(swarm) } : {}),
          },
    LiveRestoreEnabled: false,
    Isolation: '',
    InitBinary: 'docker-init',
    ContainerdCommit: commit,
    RuncCommit: commit,
    InitCommit: commit,
    SecurityOptions: ['name=seccomp,profile=builtin'],
    ...(atLeast(api, '1.49') ? { FirewallBackend: { Driver: 'iptables' } } : {}),
    ...(atLeast(swarm.release.api, '1.44') ? { CDISpecDirs: ['/etc/cdi', '/var/run/cdi'] } : {}),
    ...(atLeast(api, '1.46') ? { Containerd: CONTAINERD } : {}),
    Warnings: ['WARNING: No memory limit support', 'WARNING: No swap limit support'],
  };
}

/** The engine's message without a quorum of managers. */
export const NO_QUORUM =
  "rpc error: code = Unknown desc = The swarm does not have a leader. It's possible that too few managers are online. Make sure more than half of the managers are online.";

function clusterInfo(swarm: Swarm) {
  return {
    ID: swarm.id,
    ...swarm.settings.object,
    TLSInfo: swarm.here().api.Description.TLSInfo,
    RootRotationInProgress: false,
    DefaultAddrPool: ['10.0.0.0/8'],
    SubnetSize: 24,
    DataPathPort: 4789,
  };
}

function cluster(swarm: Swarm) {
  const [Worker, Manager] = [swarm.settings.token('worker'), swarm.settings.token('manager')];
  return { ...clusterInfo(swarm), JoinTokens: { Worker, Manager } };
}

/** A flag of the query that rotates a token. Unlike other flags, its errors lack Go's reason. */
function rotates(query: URLSearchParams, role: TokenRole): boolean {
  const name = role === 'worker' ? 'rotateWorkerToken' : 'rotateManagerToken';
  try {
    return strictFlag(query, name);
  } catch {
    throw new DemoEngineError(400, `invalid value for ${name}: ${query.get(name) ?? ''}`);
  }
}

/** What the registry answers: one that has the images of the demo. No other can be reached. */
function distribution({ faults }: Swarm, name: string) {
  const why = referenceProblem(name);
  if (why !== null) throw new DemoEngineError(400, why);
  const { domain } = splitDomain(name);
  if (domain !== null) {
    const [host = '', port] = domain.split(':');
    const scheme = /^(localhost|127\.)/.test(host) ? 'http' : 'https';
    const failure = /^(localhost$|127\.)/.test(host)
      ? `dial tcp 127.0.0.1:${port ?? 443}: connect: connection refused`
      : `dial tcp: lookup ${host}: no such host`;
    throw new DemoEngineError(500, `Get "${scheme}://${domain}/v2/": ${failure}`);
  }
  const image = faults.pullFails(name) ? undefined : findImage(name);
  const [, digest = digestOf(name)] = name.split('@');
  if (!image || digest !== digestOf(name)) {
    throw new DemoEngineError(404, 'manifest unknown: manifest unknown');
  }
  return json({
    Descriptor: {
      mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
      digest,
      size: 528,
    },
    Platforms: image.platforms.map(({ Architecture, OS, variant }) => ({
      architecture: Architecture,
      os: OS,
      ...(variant === undefined ? {} : { variant }),
    })),
  });
}

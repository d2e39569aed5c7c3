import { TLS_INFO } from './tls-info';
import type { Node } from './types';

/** One node of the ClusterHAT, as its engine describes it. */
export interface HatNode {
  name: string;
  role: 'manager' | 'worker';
  architecture: string;
  /** The highest ARM version its CPU runs. */
  arm: 6 | 7;
  cpus: number;
  memoryBytes: number;
  engineVersion: string;
  /** Median milliseconds: of the network to the process and back, and of the process's own work. */
  latency: { hop: number; work: number };
}

const MIB = 1024 * 1024;
const zero = {
  role: 'worker',
  architecture: 'armv6l',
  arm: 6,
  cpus: 1,
  memoryBytes: 427 * MIB + 122_880,
  latency: { hop: 1.6, work: 3.2 },
} as const;

/** A Pi 3 with four Pi Zeros. Docker 28 is the last major version for ARMv6, so the Zeros run an older one. */
export const DEMO_HAT: readonly HatNode[] = [
  {
    name: 'ctrl',
    role: 'manager',
    architecture: 'armv7l',
    arm: 7,
    cpus: 4,
    memoryBytes: 926 * MIB + 651_264,
    engineVersion: '29.7.0',
    latency: { hop: 0.4, work: 0.9 },
  },
  { name: 'zero1', engineVersion: '28.5.2', ...zero },
  { name: 'zero2', engineVersion: '28.5.2', ...zero },
  { name: 'zero3', engineVersion: '28.5.2', ...zero },
  { name: 'zero4', engineVersion: '28.2.2', ...zero },
];

/** Node N of a large swarm: a Zero that a fill adds. */
export function filledNode(number: number): HatNode {
  return { name: `node${number}`, engineVersion: '28.5.2', ...zero };
}

const LOG_DRIVERS = [
  'awslogs',
  'fluentd',
  'gcplogs',
  'gelf',
  'journald',
  'json-file',
  'local',
  'splunk',
  'syslog',
];
const NETWORK_DRIVERS = ['bridge', 'host', 'ipvlan', 'macvlan', 'null', 'overlay'];

/** Every engine's built-in plug-ins. */
export const PLUGINS = [
  ...LOG_DRIVERS.map((Name) => ({ Type: 'Log', Name })),
  ...NETWORK_DRIVERS.map((Name) => ({ Type: 'Network', Name })),
  { Type: 'Volume', Name: 'local' },
];

/** A node's hostname. */
export function nameOf({ api }: { api: Node }): string {
  return api.Description.Hostname;
}

/** A node's object as the manager stores it. */
export function nodeObject(hardware: HatNode, id: string, address: string): Node {
  const manager = hardware.role === 'manager';
  return {
    ID: id,
    Version: { Index: 0 },
    CreatedAt: '',
    UpdatedAt: '',
    Spec: { Labels: {}, Role: hardware.role, Availability: 'active' },
    Description: {
      Hostname: hardware.name,
      Platform: { Architecture: hardware.architecture, OS: 'linux' },
      Resources: { NanoCPUs: hardware.cpus * 1e9, MemoryBytes: hardware.memoryBytes },
      Engine: { EngineVersion: hardware.engineVersion, Plugins: PLUGINS },
      TLSInfo: TLS_INFO,
    },
    Status: { State: 'ready', Addr: address },
    ...(manager
      ? { ManagerStatus: { Leader: true, Reachability: 'reachable', Addr: `${address}:2377` } }
      : {}),
  };
}

import type { TASK_STATES } from '@/lib/swarm/task-state';

/**
 * The objects that the demo engine stores and sends, with the Engine API's field names. Only the
 * fields that swarm acts on are typed; other fields that a client posted are stored unchanged.
 */

/** A task state of the engine. */
export type State = (typeof TASK_STATES)[number];

/** Every swarm object's version: the raft index of its last write. */
export interface Version {
  Index: number;
}

interface Meta {
  ID: string;
  Version: Version;
  CreatedAt: string;
  UpdatedAt: string;
}

/** CPU in billionths, memory in bytes. */
export interface Resources {
  NanoCPUs?: number | undefined;
  MemoryBytes?: number | undefined;
  GenericResources?: unknown[] | null | undefined;
  [more: string]: unknown;
}

/** `Architecture` empty means any (docker's client blanks it for arm images). */
export interface DemoPlatform {
  Architecture?: string | undefined;
  OS?: string | undefined;
}

/** Durations are nanoseconds here, as everywhere in specs. */
export interface RestartPolicy {
  Condition?: 'none' | 'on-failure' | 'any' | undefined;
  Delay?: number | undefined;
  MaxAttempts?: number | undefined;
  Window?: number | undefined;
}

export interface Placement {
  Constraints?: string[] | undefined;
  Preferences?: { Spread?: { SpreadDescriptor: string } | undefined }[] | undefined;
  MaxReplicas?: number | undefined;
  Platforms?: DemoPlatform[] | undefined;
}

/** A mount; of volumes, the driver that makes them. */
interface Mount {
  Type?: string | undefined;
  VolumeOptions?:
    | { DriverConfig?: { Name?: string | undefined } | null | undefined; [more: string]: unknown }
    | null
    | undefined;
  [more: string]: unknown;
}

export interface TaskSpec {
  ContainerSpec: {
    Image: string;
    Args?: string[] | undefined;
    Mounts?: Mount[] | undefined;
    [more: string]: unknown;
  };
  LogDriver?: { Name?: string | undefined; [more: string]: unknown } | undefined;
  Resources?: { Limits?: Resources | undefined; Reservations?: Resources | undefined } | undefined;
  RestartPolicy?: RestartPolicy | undefined;
  Placement?: Placement | undefined;
  Networks?: { Target: string; [more: string]: unknown }[] | undefined;
  ForceUpdate: number;
  Runtime: string;
  [more: string]: unknown;
}

export interface UpdateConfig {
  Parallelism: number;
  Delay?: number | undefined;
  FailureAction: 'pause' | 'continue' | 'rollback';
  Monitor?: number | undefined;
  MaxFailureRatio: number;
  Order: 'stop-first' | 'start-first';
}

export interface Port {
  Name?: string | undefined;
  Protocol: string;
  TargetPort: number;
  PublishedPort?: number | undefined;
  PublishMode: 'ingress' | 'host';
}

export interface EndpointSpec {
  Mode: 'vip' | 'dnsrr';
  Ports?: Port[] | undefined;
}

export interface ServiceSpec {
  Name: string;
  Labels: Record<string, string>;
  TaskTemplate: TaskSpec;
  Mode: {
    Replicated?: { Replicas: number } | undefined;
    Global?: Record<string, never> | undefined;
    ReplicatedJob?: { MaxConcurrent: number; TotalCompletions: number } | undefined;
    GlobalJob?: Record<string, never> | undefined;
  };
  UpdateConfig?: UpdateConfig | undefined;
  RollbackConfig?: UpdateConfig | undefined;
  EndpointSpec?: EndpointSpec | undefined;
  [more: string]: unknown;
}

export type UpdateState =
  | 'updating'
  | 'paused'
  | 'completed'
  | 'rollback_started'
  | 'rollback_paused'
  | 'rollback_completed';

export interface UpdateStatus {
  State: UpdateState;
  StartedAt?: string | undefined;
  CompletedAt?: string | undefined;
  Message: string;
}

/** Which run of a job this is; 0 is left out, as Go's `omitempty` does. */
export interface JobIteration {
  Index?: number;
}

export interface JobStatus {
  JobIteration: JobIteration;
  LastExecution: string;
}

/** `?status=true`: the manager's own counts. */
export interface ServiceStatus {
  RunningTasks: number;
  DesiredTasks: number;
  CompletedTasks: number;
}

export interface DemoService extends Meta {
  Spec: ServiceSpec;
  PreviousSpec?: ServiceSpec | undefined;
  Endpoint: {
    Spec?: EndpointSpec | Record<string, never> | undefined;
    Ports?: Port[] | undefined;
    VirtualIPs?: { NetworkID: string; Addr: string }[] | undefined;
  };
  UpdateStatus?: UpdateStatus | undefined;
  /** Set for jobs only. */
  JobStatus?: JobStatus | undefined;
}

export interface ContainerStatus {
  ContainerID: string;
  PID: number;
  ExitCode: number;
}

export interface TaskStatus {
  Timestamp: string;
  State: State;
  Message: string;
  Err?: string | undefined;
  ContainerStatus?: ContainerStatus | undefined;
  PortStatus: { Ports?: Port[] | undefined };
}

export interface Task extends Meta {
  Labels: Record<string, string>;
  Spec: TaskSpec;
  ServiceID: string;
  Slot?: number | undefined;
  NodeID?: string | undefined;
  Status: TaskStatus;
  DesiredState: State;
  /** Set for the tasks of jobs only. */
  JobIteration?: JobIteration | undefined;
  NetworksAttachments?: { Network: Network; Addresses: string[] }[] | undefined;
}

export interface NodeSpec {
  Name?: string | undefined;
  Labels: Record<string, string>;
  Role: 'manager' | 'worker';
  Availability: 'active' | 'pause' | 'drain';
}

export interface Node extends Meta {
  Spec: NodeSpec;
  Description: {
    Hostname: string;
    Platform: { Architecture: string; OS: string };
    Resources: { NanoCPUs: number; MemoryBytes: number };
    Engine: {
      EngineVersion: string;
      Labels?: Record<string, string> | undefined;
      Plugins: { Type: string; Name: string }[];
    };
    TLSInfo: { TrustRoot: string; CertIssuerSubject: string; CertIssuerPublicKey: string };
  };
  Status: { State: 'ready' | 'down' | 'unknown' | 'disconnected'; Message?: string; Addr: string };
  ManagerStatus?: { Leader?: boolean; Reachability: string; Addr: string } | undefined;
}

/** A network as a task's attachment shows it. */
export interface Network extends Meta {
  Spec: {
    Name: string;
    Labels: Record<string, string>;
    DriverConfiguration: Record<string, unknown>;
    Ingress?: boolean;
    IPAMOptions: Record<string, unknown>;
    Scope: string;
  };
  DriverState: { Name: string; Options: Record<string, string> };
  IPAMOptions: { Driver: { Name: string }; Configs: { Subnet: string; Gateway: string }[] };
}

import { capturedJson, type EngineJson } from './engine';

/** An engine's JSON with a unique mark in every string, and where each mark is. */
export interface Marked {
  json: EngineJson;
  /** The path of each mark, list positions as `*`: `nodes.*.Description.Hostname`. */
  paths: Map<string, string>;
}

/** Fields that keep their value: references, enumerations, times and addresses. */
const KEPT =
  /\.(ID|NodeID|ServiceID|ContainerID|State|DesiredState|LocalNodeState|Role|Availability|CreatedAt|UpdatedAt|Timestamp|StartedAt|CompletedAt|Reachability|PublishMode|Protocol|Addr|NodeAddr|ApiVersion|Error)$/;

const MARK = /CNR\d{4}/g;

/** The marks in a text. */
export function marksIn(text: string): Set<string> {
  return new Set(text.match(MARK) ?? []);
}

/** Service settings that the captured swarm does not have. */
const CONTAINER = {
  Env: ['POSTGRES_PASSWORD=secret', 'AWS_SECRET_ACCESS_KEY=secret'],
  Args: ['--token', 'secret'],
  Command: ['sh', '-c', 'secret'],
  Labels: { 'traefik.http.middlewares.auth.basicauth.users': 'secret' },
  Hostname: 'shown',
  Dir: '/srv',
  User: 'root',
  Groups: ['docker'],
  Hosts: ['10.0.0.1 internal'],
  DNSConfig: { Nameservers: ['10.0.0.53'], Search: ['corp'], Options: ['ndots:1'] },
  Healthcheck: { Test: ['CMD', 'curl', '-u', 'me:secret', 'localhost'] },
  Mounts: [
    {
      Type: 'bind',
      Source: '/home/me/.ssh',
      Target: '/keys',
      VolumeOptions: { DriverConfig: { Name: 'nfs', Options: { o: 'password=secret' } } },
    },
  ],
  Secrets: [
    { SecretID: 's1', SecretName: 'db-password', File: { Name: 'db', UID: '0', GID: '0' } },
  ],
  Configs: [{ ConfigID: 'c1', ConfigName: 'nginx', File: { Name: 'nginx.conf', UID: '0' } }],
  Privileges: { CredentialSpec: { Registry: 'secret' }, SELinuxContext: { User: 'u', Type: 't' } },
  Sysctls: { 'net.core.somaxconn': '1024' },
  StopSignal: 'SIGTERM',
};

/** The captured swarm with secrets added. */
function enriched(): EngineJson {
  const json = capturedJson();
  const template = (spec: unknown) => {
    const given = spec as { ContainerSpec: object; Placement?: object };
    return {
      ...given,
      Placement: { ...given.Placement, Constraints: ['node.labels.rack==shown'] },
      ContainerSpec: { ...given.ContainerSpec, ...CONTAINER },
      LogDriver: { Name: 'splunk', Options: { 'splunk-token': 'secret' } },
      Networks: [{ Target: 'net', Aliases: ['alias'], DriverOpts: { key: 'secret' } }],
    };
  };
  for (const service of json.services) {
    const spec = service['Spec'] as Record<string, unknown>;
    spec['TaskTemplate'] = template(spec['TaskTemplate']);
    spec['Labels'] = { ...(spec['Labels'] as object), 'com.docker.stack.image': 'private' };
    service['PreviousSpec'] = structuredClone(spec);
    service['UpdateStatus'] = { State: 'paused', Message: 'shown' };
    service['Endpoint'] = { ...(service['Endpoint'] as object), VirtualIPs: [{ NetworkID: 'n' }] };
  }
  for (const task of json.tasks) {
    task['Spec'] = template(task['Spec']);
    task['Labels'] = { label: 'secret' };
    task['Annotations'] = { Name: 'a', Labels: { label: 'secret' } };
    task['NetworksAttachments'] = [
      {
        Network: {
          Spec: { Name: 'internal', DriverConfiguration: { Options: { key: 'secret' } } },
          DriverState: { Name: 'overlay', Options: { key: 'secret' } },
        },
        Addresses: ['10.0.1.2/24'],
      },
    ];
    task['GenericResources'] = [{ NamedResourceSpec: { Kind: 'gpu', Value: 'secret' } }];
  }
  for (const node of json.nodes) {
    const spec = node['Spec'] as Record<string, unknown>;
    spec['Labels'] = { rack: 'secret' };
    spec['Name'] = 'alias';
  }
  Object.assign(json.info, {
    Labels: ['key=secret'],
    HttpProxy: 'http://me:secret@proxy:3128',
    HttpsProxy: 'http://me:secret@proxy:3128',
    NoProxy: 'internal',
    DockerRootDir: '/var/lib/docker',
    IndexServerAddress: 'https://index.example/v1/',
    RegistryConfig: {
      Mirrors: ['https://me:secret@mirror'],
      IndexConfigs: { x: { Name: 'private' } },
    },
    Warnings: ['a warning'],
    SecurityOptions: ['name=seccomp'],
    DriverStatus: [['Backing', 'xfs']],
    SystemStatus: [['secret', 'status']],
  });
  json.swarm = {
    ...(json.info['Swarm'] as { Cluster: object }).Cluster,
    JoinTokens: { Worker: 'SWMTKN-1-worker', Manager: 'SWMTKN-1-manager' },
    Spec: {
      CAConfig: { ExternalCAs: [{ URL: 'https://ca', CACert: 'secret' }], SigningCAKey: 'secret' },
    },
    UnlockKey: 'SWMKEY-1-secret',
  };
  return json;
}

/** The swarm with a unique mark in every string that may have one. */
export function markedSwarm(): Marked {
  const paths = new Map<string, string>();
  const walk = (value: unknown, path: string): unknown => {
    if (typeof value === 'string') {
      if (KEPT.test(path)) return value;
      const mark = `CNR${String(paths.size).padStart(4, '0')}`;
      paths.set(mark, path);
      // After the value, and before an image's tag, so that it stays valid.
      return path.endsWith('.Image') ? `registry/${mark.toLowerCase()}/${mark}:1.0` : value + mark;
    }
    if (Array.isArray(value)) return value.map((one) => walk(one, `${path}.*`));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [key, walk(one, `${path}.${key}`)]),
    );
  };
  const json = enriched();
  const marked = Object.fromEntries(
    Object.entries(json).map(([name, list]) => [name, walk(list, name)]),
  );
  return { json: marked as unknown as EngineJson, paths };
}

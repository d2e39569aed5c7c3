import type { RawSpec } from '@/lib/swarm/spec/raw-spec';

/** A service with everything that `docker service inspect --pretty` shows and forms cannot make. */
export const FULL_SERVICE: RawSpec = {
  Spec: {
    Name: 'more',
    Labels: { b: '', a: 'x' },
    TaskTemplate: {
      ContainerSpec: {
        Image: 'a:1',
        Dir: '/srv',
        User: 'me',
        Init: true,
        CapabilityAdd: ['CAP_NET_ADMIN', 'CAP_SYS_TIME'],
        CapabilityDrop: ['CAP_CHOWN'],
        Sysctls: { 'net.core.somaxconn': '1024' },
        Ulimits: [{ Name: 'nofile', Soft: 1, Hard: 2 }],
        Mounts: [
          { Type: 'bind', Source: '/a', Target: '/b', ReadOnly: true },
          { Type: 'tmpfs', Target: '/c' },
        ],
        Healthcheck: { Test: ['CMD-SHELL', 'exit 0'], Interval: 5e9, Timeout: 1.5e9, Retries: 2 },
        Secrets: [{ SecretName: 's', SecretID: 'i', File: { Name: 'f', Mode: 292 } }],
        Configs: [{ ConfigName: 'c', ConfigID: 'i', File: { Name: 'g', Mode: 292 } }],
      },
      LogDriver: { Name: 'json-file', Options: { 'max-size': '1m', empty: '' } },
      Networks: [{ Target: 'net1' }, { Target: 'net2' }],
      Resources: { Limits: { Pids: 7 }, Reservations: { MemoryBytes: 1_500_000_000 } },
    },
    Mode: { Global: {} },
    UpdateConfig: { Parallelism: 0, Delay: 90e9, MaxFailureRatio: 0.000_012, Order: 'start-first' },
    EndpointSpec: { Mode: 'dnsrr' },
  },
  Endpoint: {},
};

import { expect, test } from 'vitest';
import { FULL_SERVICE } from '@/tests/factories/full-service';
import { withoutValues } from './hidden-values';
import { inspectPretty } from './inspect-pretty';

// What docker's own client prints is compared in tests/contract/inspect.test.ts.
const SERVICE = {
  ID: 'id1',
  Spec: {
    Name: 'goweb',
    TaskTemplate: {
      ContainerSpec: {
        Image: 'carmeloc/goweb:1.0',
        Env: ['COLOR=green'],
        Secrets: [{ SecretName: 'password', File: { Name: 'pass' } }],
      },
      Networks: [{ Target: 'n1' }, { Target: 'n2' }],
    },
    Mode: { Replicated: { Replicas: 3 } },
    EndpointSpec: { Mode: 'vip' },
  },
};

test('prints a service, with the networks that have names', () => {
  const text = inspectPretty(SERVICE, { now: 0, networks: new Map([['n1', 'front']]) });
  expect(text).toContain('\nService Mode:\tReplicated\n Replicas:\t3\nPlacement:\n');
  expect(text).toContain('\nNetworks: front n2 \nEndpoint Mode:\tvip\n');
  expect(text).toContain('\nSecrets:\n Target:\tpass\n  Source:\tpassword\n');
  expect(text).toContain(
    '\n Monitoring Period: 5s\n Max failure ratio: 0\n Update order:      stop-first\n',
  );
});

test('what is hidden in the JSON is hidden in the text', () => {
  const text = inspectPretty(withoutValues(SERVICE), { now: 0 });
  expect(text).toContain('COLOR=(hidden)');
  expect(text).not.toMatch(/green|password|pass\b/);
});

test.each([
  null,
  {},
  { Spec: null },
  { Spec: { TaskTemplate: [] } },
  { Spec: { Mode: 7, Labels: [1] } },
])('prints %j, which no engine sends, without failing', (service) =>
  expect(inspectPretty({ ...service }, { now: 0 })).toContain('ContainerSpec:'),
);

test('prints everything that docker’s template knows', () => {
  const UpdateStatus = {
    State: 'completed',
    StartedAt: '2026-01-01T00:00:00Z',
    CompletedAt: '2026-01-01T00:01:00Z',
    Message: 'update completed',
  };
  const service = {
    ...FULL_SERVICE,
    ID: 'id1',
    UpdateStatus,
    Endpoint: {
      Ports: [{ Protocol: 'tcp', TargetPort: 80, PublishedPort: 8080, PublishMode: 'host' }],
    },
  };
  expect(inspectPretty(service, { now: Date.UTC(2026, 0, 1, 1) })).toMatchInlineSnapshot(`
    "
    ID:		id1
    Name:		more
    Labels:
     a=x
     b
    Service Mode:	Global
    UpdateStatus:
     State:		completed
     Started:	about an hour ago
     Completed:	59 minutes ago
     Message:	update completed
    Placement:
    UpdateConfig:
     Parallelism:	0
     Delay:		1m30s
     On failure:	pause
     Monitoring Period: 5s
     Max failure ratio: 1.2e-05
     Update order:      start-first
    RollbackConfig:
     Parallelism:	1
     On failure:	pause
     Monitoring Period: 5s
     Max failure ratio: 0
     Rollback order:    stop-first
    ContainerSpec:
     Image:		a:1
     Dir:		/srv
     Init:		true
     User: me
    Capabilities:
     Add: CAP_NET_ADMIN, CAP_SYS_TIME
     Drop: CAP_CHOWN
    SysCtls:
     net.core.somaxconn: 1024
    Ulimits:
     nofile: 1:2
    Mounts:
     Target:	/b
      Source:	/a
      ReadOnly:	true
      Type:		bind
     Target:	/c
      Source:	
      ReadOnly:	false
      Type:		tmpfs
    Configs:
     Target:	g
      Source:	c
    Secrets:
     Target:	f
      Source:	s
    Log Driver:
     Name:		json-file
     LogOpts:
      empty
      max-size:       1m

    Resources:
     Reservations:
      Memory:	1.397GiB
     Limits:
      PIDs:		7
    Networks: net1 net2 
    Endpoint Mode:	dnsrr
    Ports:
     PublishedPort = 8080
      Protocol = tcp
      TargetPort = 80
      PublishMode = host 
     Healthcheck:
      Interval = 5s
      Retries = 2
      StartPeriod =	0s
      Timeout =	1.5s
      Tests:
    	 Test = CMD-SHELL
    	 Test = exit 0 

    "
  `);
});

test('prints placement as docker does', () => {
  const service = {
    ...SERVICE,
    UpdateStatus: { State: 'paused' },
    Spec: {
      ...SERVICE.Spec,
      TaskTemplate: {
        ContainerSpec: { Args: ['-a', 'b'] },
        Placement: {
          Constraints: ['node.role==worker', 'a!=b'],
          Preferences: [{ Spread: { SpreadDescriptor: 'node.labels.a' } }, {}],
          MaxReplicas: 2,
        },
        Resources: { Limits: { NanoCPUs: 5e8, MemoryBytes: 64 * 2 ** 20 } },
      },
    },
  };
  const text = inspectPretty(service, { now: 0 });
  expect(text).toContain('UpdateStatus:\n State:\t\tpaused\n Message:\t\nPlacement:\n');
  expect(text).toContain(
    ' Constraints:\t[node.role==worker a!=b]\n Preferences:   [spread=node.labels.a]\n Max Replicas Per Node:   2\n',
  );
  expect(text).toContain(' Args:\t\t-a b \n');
  expect(text).toContain('Resources:\n Limits:\n  CPU:\t\t0.5\n  Memory:\t64MiB\n');
});

import { expect, test } from 'vitest';
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

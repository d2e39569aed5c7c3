import { expect, test } from 'vitest';
import { withoutValues } from './hidden-values';

test('hides values and names in the present spec and in the previous one, and nothing else', () => {
  const container = {
    Image: 'goweb:1',
    Env: ['TOKEN=planted', 'A=planted=planted', 'UNSET'],
    Secrets: [{ SecretName: 'planted', File: { Name: 'planted' } }],
    Configs: [{ ConfigName: 'planted' }],
  };
  const spec = { Name: 'goweb', TaskTemplate: { ContainerSpec: container, ForceUpdate: 1 } };
  const shown = withoutValues({ ID: 'x', Spec: spec, PreviousSpec: spec, Endpoint: {} });
  expect(JSON.stringify(shown)).not.toContain('planted');
  expect(shown['Spec']).toEqual({
    Name: 'goweb',
    TaskTemplate: {
      ContainerSpec: {
        Image: 'goweb:1',
        Env: ['TOKEN=(hidden)', 'A=(hidden)', 'UNSET'],
        Secrets: ['(hidden)'],
        Configs: ['(hidden)'],
      },
      ForceUpdate: 1,
    },
  });
});

test('adds nothing to a spec without a container', () => {
  for (const Spec of [{}, { TaskTemplate: { PluginSpec: {} } }, { TaskTemplate: null }]) {
    expect(withoutValues({ Spec })).toEqual({ Spec });
  }
});

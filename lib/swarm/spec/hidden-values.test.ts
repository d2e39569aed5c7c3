import { expect, test } from 'vitest';
import { createCommand, updateCommand } from './commands';
import { specDifference } from './difference';
import {
  hasHidden,
  withoutOptions,
  withoutPrivate,
  withoutTaskValues,
  withoutValues,
} from './hidden-values';

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

test('hides the same of a task, whose spec is the template of its service', () => {
  const ContainerSpec = {
    Image: 'goweb:1',
    Env: ['TOKEN=planted'],
    Secrets: [{ SecretName: 'planted' }],
  };
  const task = { ID: 'x', Spec: { ContainerSpec, ForceUpdate: 1 }, Status: { State: 'running' } };
  expect(withoutTaskValues(task)).toEqual({
    ...task,
    Spec: {
      ContainerSpec: { Image: 'goweb:1', Env: ['TOKEN=(hidden)'], Secrets: ['(hidden)'] },
      ForceUpdate: 1,
    },
  });
  expect(withoutTaskValues({ ID: 'x', Spec: null })).toEqual({ ID: 'x', Spec: null });
});

test('hides the environment of a plugin', () => {
  const PluginSpec = { Name: 'driver', Env: ['TOKEN=planted'] };
  expect(withoutValues({ Spec: { TaskTemplate: { PluginSpec } } })).toEqual({
    Spec: { TaskTemplate: { PluginSpec: { Name: 'driver', Env: ['TOKEN=(hidden)'] } } },
  });
});

test('a command in the log has no value of a variable or label, and no word of a command', () => {
  const shared = {
    env: { TOKEN: 'planted' },
    labels: { users: 'planted' },
    containerLabels: { users: 'planted' },
    command: ['run', '--token', 'planted'],
    args: ['--token', 'planted'],
  };
  const form = { name: 'goweb', image: 'goweb:1', mode: 'replicated', ...shared } as const;
  const created = createCommand(withoutPrivate({ ...form, command: [...shared.command] }));
  expect(created).not.toContain('planted');
  expect(created).toContain("--env 'TOKEN=(hidden)'");
  expect(created).toMatch(/--entrypoint .*hidden.* goweb:1 '\(hidden\)'$/);
  const updated = updateCommand('goweb', withoutPrivate({ ...shared, env: { OLD: null } }));
  expect(updated).not.toContain('planted');
  expect(updated).toContain('--env-rm OLD');
  expect(withoutPrivate({ image: 'goweb:2', args: [] })).toEqual({ image: 'goweb:2', args: [] });
});

test('adds nothing to a spec without a container', () => {
  for (const Spec of [{}, { TaskTemplate: { PluginSpec: {} } }, { TaskTemplate: null }]) {
    expect(withoutValues({ Spec })).toEqual({ Spec });
  }
});

test('hides the values of options of drivers, wherever they are', () => {
  const TaskTemplate = {
    ContainerSpec: {
      Mounts: [
        {
          Target: '/a',
          VolumeOptions: { DriverConfig: { Name: 'nfs', Options: { o: 'planted' } } },
        },
      ],
      DNSConfig: { Options: ['ndots:1'] },
    },
    LogDriver: { Name: 'splunk', Options: { 'splunk-token': 'planted', empty: '' } },
    Networks: [{ Target: 'net', DriverOpts: { key: 'planted' } }],
  };
  const Networks = [{ Target: 'net', DriverOpts: { key: 'planted' } }];
  const Spec = { Name: 'a', TaskTemplate, Networks };
  const shown = withoutValues({ ID: 'x', Spec, PreviousSpec: Spec });
  expect(JSON.stringify(shown)).not.toContain('planted');
  expect(shown['Spec']).toMatchObject({
    TaskTemplate: {
      ContainerSpec: {
        Mounts: [{ VolumeOptions: { DriverConfig: { Options: { o: '(hidden)' } } } }],
        DNSConfig: { Options: ['ndots:1'] },
      },
      LogDriver: { Name: 'splunk', Options: { 'splunk-token': '(hidden)', empty: '(hidden)' } },
    },
  });
  const NetworksAttachments = [{ Network: { DriverState: { Options: { id: 'planted' } } } }];
  const task = withoutTaskValues({ Spec: TaskTemplate, NetworksAttachments });
  expect(JSON.stringify(task)).not.toContain('planted');
  // What has no options is not copied.
  const plain = { a: [{ b: 1 }], Options: null };
  expect(withoutOptions(plain)).toBe(plain);
});

test('hides options that are no map as a whole', () => {
  for (const odd of ['planted=1', ['planted=1'], [{ planted: 1 }], 1, true]) {
    const LogDriver = { Name: 'splunk', Options: odd };
    const Networks = [{ Target: 'net', DriverOpts: odd }];
    expect(withoutValues({ Spec: { TaskTemplate: { LogDriver, Networks }, Networks } })).toEqual({
      Spec: {
        TaskTemplate: {
          LogDriver: { Name: 'splunk', Options: '(hidden)' },
          Networks: [{ Target: 'net', DriverOpts: '(hidden)' }],
        },
        Networks: [{ Target: 'net', DriverOpts: '(hidden)' }],
      },
    });
  }
  const before = { Networks: [{ DriverOpts: { a: 'planted' } }] };
  for (const DriverOpts of ['planted=1', ['planted=1']]) {
    const [difference] = specDifference(before, { Networks: [{ DriverOpts }] });
    expect(difference).toMatchObject({ before: null, after: null });
  }
});

test('knows which parts of a spec have hidden values', () => {
  const container = 'TaskTemplate.ContainerSpec';
  for (const path of [
    `${container}.Env`,
    `${container}.Mounts`,
    'TaskTemplate.LogDriver.Options',
    'TaskTemplate.Networks',
    'Networks',
    'Networks.0.DriverOpts',
    'Networks.0.DriverOpts.key',
  ]) {
    expect([path, hasHidden(path)]).toEqual([path, true]);
  }
  for (const path of [`${container}.DNSConfig.Options`, `${container}.Image`, 'Labels']) {
    expect([path, hasHidden(path)]).toEqual([path, false]);
  }
});

import { expect, test } from 'vitest';
import { infoSchema } from '../swarm/engine-json';
import { hasSwarms, productOf, type Product } from '../swarm/engine-product';
import { noSwarm } from './products';
import { swarmState } from './swarm-state';

/** `/info` of programs that answer as an engine, cut to what tells them apart. */
const INACTIVE = {
  NodeID: '',
  NodeAddr: '',
  LocalNodeState: 'inactive',
  ControlAvailable: false,
  Error: '',
  RemoteManagers: null,
};
const INFOS: Record<Product, object> = {
  docker: {
    Name: 'ctrl',
    ServerVersion: '28.5.2',
    OperatingSystem: 'Raspbian GNU/Linux 12 (bookworm)',
    OSType: 'linux',
    InitBinary: 'docker-init',
    SecurityOptions: ['name=seccomp,profile=builtin'],
    Swarm: INACTIVE,
  },
  'docker-desktop': {
    Name: 'docker-desktop',
    ServerVersion: '28.3.2',
    OperatingSystem: 'Docker Desktop',
    OSType: 'linux',
    SecurityOptions: ['name=seccomp,profile=unconfined', 'name=cgroupns'],
    Swarm: INACTIVE,
  },
  rootless: {
    Name: 'laptop',
    ServerVersion: '27.5.1',
    OperatingSystem: 'Ubuntu 24.04.2 LTS',
    OSType: 'linux',
    SecurityOptions: ['name=seccomp,profile=builtin', 'name=rootless', 'name=cgroupns'],
    Swarm: INACTIVE,
  },
  windows: {
    Name: 'WIN-1',
    ServerVersion: '27.5.1',
    OperatingSystem: 'Microsoft Windows Server Version 21H2',
    OSType: 'windows',
    SecurityOptions: null,
    Swarm: INACTIVE,
  },
  balena: {
    Name: 'central',
    ServerVersion: '20.10.43',
    OperatingSystem: 'balenaOS 5.1.20',
    OSType: 'linux',
    InitBinary: 'balena-engine-init',
    SecurityOptions: ['name=seccomp,profile=default'],
    Swarm: { ...INACTIVE, LocalNodeState: '' },
  },
  podman: {
    Name: 'fedora',
    ServerVersion: '4.9.3',
    OperatingSystem: 'fedora',
    OSType: 'linux',
    BuildahVersion: '1.33.5',
    SecurityOptions: ['name=seccomp,profile=default', 'name=rootless'],
    Swarm: INACTIVE,
  },
};

test.each(Object.entries(INFOS) as [Product, object][])('%s', (product, json) => {
  const info = infoSchema.parse(json);
  expect(productOf(info)).toBe(product);
  const { message, kind, next } = noSwarm(product);
  const state = hasSwarms(product) ? 'no-swarm' : 'broken';
  expect(swarmState(info)).toMatchObject({ state, error: { message, kind, next } });
  expect(kind).toBe(hasSwarms(product) ? 'no-swarm' : 'not-an-engine');
  expect(next).toBeTruthy();
});

test('any product’s manager is accepted', () => {
  for (const product of ['docker', 'docker-desktop', 'rootless', 'windows'] as const) {
    const active = { ...INACTIVE, LocalNodeState: 'active', ControlAvailable: true };
    expect(swarmState(infoSchema.parse({ ...INFOS[product], Swarm: active }))).toEqual({
      state: 'manager',
    });
  }
});

test('balenaEngine is recognized by the empty state of its swarm too', () => {
  const info = infoSchema.parse({ ...INFOS.docker, Swarm: { ...INACTIVE, LocalNodeState: '' } });
  expect(swarmState(info)).toMatchObject({ state: 'broken', error: { kind: 'not-an-engine' } });
});

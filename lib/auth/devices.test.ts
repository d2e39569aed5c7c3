import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createDevices, DEVICE_SECONDS } from './devices';

test('a browser is known for a year and after a restart, until the password changes', () => {
  let now = 1_800_000_000_000;
  const value = createDevices('a', () => now).issue();
  const later = createDevices('a', () => now);
  const id = later.idOf(value);
  expect(id).toHaveLength(22);
  expect(createDevices('b', () => now).idOf(value)).toBeNull();
  now += DEVICE_SECONDS * 1000 - 1;
  expect(later.idOf(value)).toBe(id);
  now += 1;
  expect(later.idOf(value)).toBeNull();
});

test('each browser has its own id', () => {
  const devices = createDevices('a');
  expect(devices.idOf(devices.issue())).not.toBe(devices.idOf(devices.issue()));
});

test('accepts no other device cookie', () => {
  const devices = createDevices('a');
  const [id = '', expires = '', signature = ''] = devices.issue().split('.');
  const [otherId = ''] = devices.issue().split('.');
  for (const value of [
    '',
    '..',
    `${id}.${expires}.`,
    `${id}.${expires}`,
    `${otherId}.${expires}.${signature}`,
    `${id}.${Number(expires) + 1}.${signature}`,
    `${id}.${expires}.${signature}.${signature}`,
    `${id}.${expires}.${signature.toLowerCase()}`,
    `${id}.0${expires}.${signature}`,
  ]) {
    expect(devices.idOf(value), value).toBeNull();
  }
  fc.assert(fc.property(fc.string(), (value) => devices.idOf(value) === null));
});

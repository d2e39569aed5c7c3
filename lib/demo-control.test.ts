import { expect, test } from 'vitest';
import { demoChangeSchema } from './demo-control';

test('fills in the defaults of a change', () => {
  expect(demoChangeSchema.parse({ path: '/task', body: { kill: 'goweb.1' } })).toEqual({
    path: '/task',
    body: { kill: 'goweb.1', exitCode: 137 },
  });
});

test.for([
  { path: '/nosuch', body: {} },
  { path: '/node' },
  { path: '/node', body: { node: '' } },
  { path: '/engine', body: { running: 'no' } },
  { path: '/engine', body: { unknown: true } },
  { path: '/fill', body: { nodes: 1e9, tasks: 1 } },
  { path: '/reset', body: {}, more: 1 },
])('rejects the change %j', (change) => {
  expect(demoChangeSchema.safeParse(change).success).toBe(false);
});

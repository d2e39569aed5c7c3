import { expect, test } from 'vitest';
import { ROTATE } from '@/lib/curl/run';
import { aNode, aService } from '@/tests/factories/view';
import { runRequest } from './run-request';
import { DEFAULT_SETTINGS, type RunSettings } from './run-settings';

test('sends only the settings that the mode uses', () => {
  const service = aService({ name: 'goweb' });
  const target = { key: 'goweb:8888', service, port: 8888, targetPort: 8080, hosts: null };
  const request = (change: Partial<RunSettings>) =>
    runRequest({ ...DEFAULT_SETTINGS, ...change }, target, aNode({ name: 'ctrl' }));
  const always = {
    service: 'id-goweb',
    publishedPort: 8888,
    entryNode: 'id-ctrl',
    path: '/Hello!',
    method: 'GET',
    inFlight: 4,
    timeout: 2,
    connection: 'new',
    keepGoing: false,
  };
  expect(request({ mode: 'once' })).toEqual({ ...always, mode: 'once' });
  expect(request({ mode: 'burst' })).toEqual({ ...always, mode: 'burst', burst: 100 });
  expect(request({ rate: 20 })).toEqual({ ...always, mode: 'steady', rate: 20, seconds: 30 });
  expect(request({ entryNode: ROTATE }).entryNode).toBe(ROTATE);
});

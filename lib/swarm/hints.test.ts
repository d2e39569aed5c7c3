import { expect, test } from 'vitest';
import { hintFor } from './hints';

const pending = (error: string) => hintFor({ state: 'pending', error, exitCode: null });
const failed = (exitCode: number, error = `task: non-zero exit (${exitCode})`) =>
  hintFor({ state: 'failed', error, exitCode });

test("swarmkit's reasons for waiting are said in plain words", () => {
  expect(pending('no suitable node (unsupported platform on 5 nodes)')).toMatch(
    /another kind of processor than 5 nodes.*linux\/arm\/v6/,
  );
  expect(pending('no suitable node (max replicas per node limit exceed)')).toMatch(/limit/);
  expect(pending('no suitable node (host-mode port already in use on 1 node)')).toMatch(
    /taken on 1 node:/,
  );
});

test('several reasons are all said', () => {
  const hint = pending(
    'no suitable node (scheduling constraints not satisfied on 2 nodes; 3 nodes not available for new tasks)',
  );
  expect(hint).toMatch(/constraints rule out 2 nodes/);
  expect(hint).toMatch(/3 nodes take no new tasks/);
});

test.each([
  ['No such image: carmeloc/nosuch:1.0', /could not get the image/],
  ['standard_init_linux.go:228: exec user process caused: exec format error', /processor/],
  [
    'driver failed programming external connectivity: Bind for 0.0.0.0:8888 failed: port is already allocated',
    /already uses the port/,
  ],
  [
    'starting container failed: OCI runtime create failed: exec: "nope": executable file not found in $PATH',
    /no such command/,
  ],
])('%s', (error, hint) => {
  expect(hintFor({ state: 'rejected', error, exitCode: null })).toMatch(hint);
});

test.each([
  [132, /ARMv6/],
  [137, /killed from outside/],
  [139, /crashed/],
])('exit %d has a meaning of its own', (code, hint) => {
  expect(failed(code)).toMatch(hint);
});

test('an unhealthy container is not taken for one killed by hand', () => {
  expect(failed(137, 'task: non-zero exit (137): dockerexec: unhealthy container')).toMatch(
    /health check/,
  );
});

test('where there is nothing to add, nothing is added', () => {
  expect(failed(42)).toBeNull();
  expect(pending('')).toBeNull();
  expect(hintFor({ state: 'complete', error: '', exitCode: 137 })).toBeNull();
});

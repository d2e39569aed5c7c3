import { expect, test } from 'vitest';
import { echoExitCode } from './arguments';

test.for([
  [[], undefined],
  [['-listen', ':80'], undefined],
  [['--listen=:80', '-linger', '1s'], undefined],
  [['-help'], 0],
  [['--h'], 0],
  [['-nosuch'], 2],
  [['word'], 2],
  [['-listen'], 2],
  [['-healthcheck'], 1],
  [['-healthcheck=false'], undefined],
] as const)('echo-server with arguments %j ends with %s', ([args, code]) => {
  expect(echoExitCode(args)).toBe(code);
});

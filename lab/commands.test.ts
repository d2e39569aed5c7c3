import { expect, test, vi } from 'vitest';
import { main } from './commands';
import { LabFailure } from './failure';

test.each([
  [[], 'which command?'],
  [['fly'], 'there is no command "fly"'],
  [['constructor'], 'there is no command "constructor"'],
  [['kill'], 'kill needs a node: one of ctrl, zero1, zero2, zero3, zero4'],
  [['break', 'zero5'], 'no node is called "zero5"'],
  [['docker', 'nosuch', 'ps'], 'no node is called "nosuch"'],
  [['up', '--now'], 'up does not know "--now"'],
  [['up', '--install=no'], 'up does not know "--install=no"'],
  [['up', '--engine'], 'up needs a value after --engine'],
  [['up', '--engine='], 'up needs a value after --engine'],
  [['up', '--engine', '--workers'], 'up needs a value after --engine'],
  [['up', '--engine', 'jessie'], 'no engine is called "jessie"; there are own, bullseye, bookworm'],
  [['up', '--workers=28.5'], 'no engine is called "28.5"'],
  [['up', '--engine', 'sid', 'trixie'], 'up does not know "trixie"'],
  [['down', '--engine', 'sid'], 'down does not know "--engine"'],
  [['status', 'now'], 'status does not know "now"'],
  [['mend', 'zero1', 'zero2'], 'mend does not know "zero2"'],
  [['spare', 'sideways'], 'spare needs one word: up or down'],
  [['image', 'x'], 'image needs a name and a platform'],
  [['image', 'x', 'windows/amd64'], '"windows/amd64" is not a platform'],
  [['image', 'x', 'linux/amd64', 'y'], 'image does not know "y"'],
])('rejects %j with a sentence, the usage and exit code 2', async (args, message) => {
  const error = await main(args).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(LabFailure);
  expect(error).toMatchObject({ exitCode: 2 });
  expect((error as LabFailure).message.startsWith(message)).toBe(true);
  expect((error as LabFailure).message).toContain('usage: npm run -s lab -- COMMAND');
});

test('prints the usage', async () => {
  const print = vi.spyOn(console, 'log').mockReturnValue();
  expect(await main(['--help'])).toBe(0);
  expect(print.mock.calls.join()).toMatch(/^  break NODE +disconnect a node/m);
  expect(print.mock.calls.join()).toMatch(/^ +--engine E: .*bullseye bookworm trixie sid newest/m);
});

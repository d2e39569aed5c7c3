import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './dockerfile';
import { missing, title } from './tools';

const cwd = join(root, 'echo-server');

/** Runs a command in the echo server's folder; throws with its output if it fails. */
function run(command: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  expect(status, `${command} ${args.join(' ')}\n${stdout}${stderr}`).toBe(0);
  return stdout;
}

const lacking = missing('go', 'gofmt');
describe.skipIf(lacking.length > 0)(title('echo-server', lacking), () => {
  it('is formatted', () => {
    expect(run('gofmt', '-l', '.')).toBe('');
  });

  it('passes go vet', () => {
    run('go', 'vet', './...');
  }, 300_000);

  // The race detector links with cgo.
  const compiler = missing('gcc');
  it.skipIf(compiler.length > 0)(
    title('passes its tests under the race detector', compiler),
    () => {
      run('go', 'test', '-race', './...');
    },
    300_000,
  );
});

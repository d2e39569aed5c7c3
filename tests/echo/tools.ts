import { spawnSync } from 'node:child_process';

/** Which of these commands this machine lacks; the test's title says so when it is skipped. */
export function missing(...commands: string[]): string[] {
  return commands.filter((command) => spawnSync('which', [command]).status !== 0);
}

/** A title that gives the reason when tools are missing. */
export function title(what: string, lacking: readonly string[]): string {
  return lacking.length === 0 ? what : `${what} (skipped: no ${lacking.join(', ')} here)`;
}

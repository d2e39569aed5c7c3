import { spawnSync } from 'node:child_process';

/** The commands that this machine lacks, for the title of a skipped test. */
export function missing(...commands: string[]): string[] {
  return commands.filter((command) => spawnSync('which', [command]).status !== 0);
}

/** The title of a test, with the missing tools that it is skipped for. */
export function title(what: string, lacking: readonly string[]): string {
  return lacking.length === 0 ? what : `${what} (skipped: no ${lacking.join(', ')} here)`;
}

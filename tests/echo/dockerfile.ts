import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The repository's root, which has both Dockerfiles. */
export const root = join(import.meta.dirname, '..', '..');

/** One instruction of a Dockerfile, its continued lines joined and its comments left out. */
export interface Instruction {
  /** In capitals, e.g. `RUN`. */
  name: string;
  /** What follows the name, flags included. */
  rest: string;
}

/** A Dockerfile's instructions in order; only what these tests need of the format. */
export function instructions(dockerfile: string): Instruction[] {
  const lines = readFileSync(join(root, dockerfile), 'utf8')
    .split('\n')
    .filter((line) => !/^\s*(#|$)/.test(line))
    .join('\n')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n');
  return lines.map((line) => {
    const [, name = '', rest = ''] = /^(\S+)\s*(.*)$/.exec(line) ?? [];
    return { name: name.toUpperCase(), rest };
  });
}

/** The values of one instruction, e.g. every `FROM`. */
export function all(dockerfile: string, name: string): string[] {
  return instructions(dockerfile)
    .filter((instruction) => instruction.name === name)
    .map(({ rest }) => rest);
}

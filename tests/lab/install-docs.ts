import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const FILE = join(import.meta.dirname, '..', '..', 'docs', 'install.md');

/** The shell blocks of docs/install.md that a `<!-- run: NAME -->` line makes runnable, by name. */
export function installBlocks(text = readFileSync(FILE, 'utf8')): ReadonlyMap<string, string> {
  const found = [...text.matchAll(/<!-- run: ([\w-]+) -->\n\n```sh\n(.*?)```/gs)];
  const blocks = new Map(found.map(([, name = '', block = '']) => [name, block]));
  const marks = text.match(/<!-- run:/g) ?? [];
  if (blocks.size !== marks.length) throw new Error('a run line without a block, or a name twice');
  return blocks;
}

/** The documented commands of these blocks, in this order, as one script. */
export function documented(...names: string[]): string {
  const blocks = installBlocks();
  return names
    .map((name) => {
      const block = blocks.get(name);
      if (block === undefined) throw new Error(`docs/install.md has no block ${name}`);
      return block;
    })
    .join('');
}

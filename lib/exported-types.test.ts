import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** The files that export a type, by its name. */
function exportedTypes(): Map<string, string[]> {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '--', '*.ts', '*.tsx'];
  const deleted = execFileSync('git', ['ls-files', '--deleted'], { encoding: 'utf8' }).split('\n');
  const files = execFileSync('git', args, { encoding: 'utf8' })
    .split('\n')
    .filter((file) => file !== '' && !deleted.includes(file));
  const found = new Map<string, string[]>();
  for (const file of files) {
    const source = readFileSync(file, 'utf8');
    for (const [, name = ''] of source.matchAll(/^export (?:type|interface|class|enum) (\w+)/gm)) {
      found.set(name, [...(found.get(name) ?? []), file]);
    }
  }
  return found;
}

test('no two files export a type of the same name', () => {
  const types = exportedTypes();
  expect(types.get('SwarmView')).toEqual(['lib/swarm/view.ts']);
  expect([...types].filter(([, files]) => files.length > 1)).toEqual([]);
});

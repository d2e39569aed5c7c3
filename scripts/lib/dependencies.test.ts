import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const ROOT = `${import.meta.dirname}/../..`;

/** The packages in the first columns of a file's tables. */
function namedIn(file: string): string[] {
  return readFileSync(`${ROOT}/${file}`, 'utf8')
    .split('\n')
    .flatMap((line) => /^\| ([^|]+?) +\| [^|]+ \|$/.exec(line)?.[1]?.split(', ') ?? [])
    .filter((name) => name !== 'package' && !/^-+$/.test(name));
}

test('decision 002 lists exactly the dependencies of package.json', () => {
  const manifest = JSON.parse(readFileSync(`${ROOT}/package.json`, 'utf8')) as {
    dependencies: Record<string, string>;
    devDependencies: Record<string, string>;
  };
  const ours = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.devDependencies)];
  const byName = (a: string, b: string) => (a < b ? -1 : 1);
  expect(namedIn('docs/decisions/002-dependencies.md').toSorted(byName)).toEqual(
    ours.toSorted(byName),
  );
});

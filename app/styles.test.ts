import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** Styles are Tailwind utilities. CSS by hand is for what utilities cannot say: art, slider parts, keyframes. */
const MAX_CSS_LINES = 600;

/** The project's files of one kind, those that are not committed yet among them. */
function files(pattern: string): string[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '--', pattern];
  const listed = execFileSync('git', args, { encoding: 'utf8' }).split('\n').filter(Boolean);
  const deleted = execFileSync('git', ['ls-files', '--deleted'], { encoding: 'utf8' }).split('\n');
  return listed.filter((file) => !deleted.includes(file));
}

/** Classes with Tailwind's `!` modifier in the string literals of `source`. */
function importantClasses(source: string): string[] {
  const literals = source.match(/"[^"\n]*"|'[^'\n]*'|`[^`]*`/g) ?? [];
  return literals
    .flatMap((literal) => literal.slice(1, -1).split(/\s+/))
    .filter((word) => /^(?:![a-z[@*][^\s!]*|[a-z[@*][^\s!]*[-:][^\s!]*!)$/.test(word));
}

test(`hand-written CSS has at most ${MAX_CSS_LINES} lines`, () => {
  const lines = files('*.css').map((file) => {
    const count = readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line.trim() !== '').length;
    return { file, count };
  });
  expect(lines.map(({ file }) => file)).toContain('app/globals.css');
  const all = lines.reduce((sum, { count }) => sum + count, 0);
  const each = lines.map(({ file, count }) => `${count} ${file}`).join('\n');
  expect(all, `${all} lines that are not blank:\n${each}`).toBeLessThanOrEqual(MAX_CSS_LINES);
});

test('finds the `!` modifier in front of a class and behind it', () => {
  expect(importantClasses(`className="p-2 hover:p-4! !flex" : 'min-h-0!'`)).toEqual([
    'hover:p-4!',
    '!flex',
    'min-h-0!',
  ]);
  expect(importantClasses(`text="Stop!" a !== b "of n - 1 !"`)).toEqual([]);
});

test('no class of a component is !important', () => {
  const found = files('*.tsx').flatMap((file) =>
    importantClasses(readFileSync(file, 'utf8')).map((name) => `${file}: ${name}`),
  );
  expect(found).toEqual([]);
});

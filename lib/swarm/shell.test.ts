import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { shell, shellWord } from './shell';

test.each([
  'goweb',
  'goweb=3',
  'zero1.local',
  'http://10.0.0.1:8888/a,b',
  '172.19.181.1',
  'a/b@sha256:c',
])('leaves %s as it is', (value) => expect(shellWord(value)).toBe(value));

/** What a rogue worker could call itself. */
const ROGUE = [
  '',
  ' ',
  '-x',
  '--',
  '$(id)',
  '`id`',
  'a;id',
  "a'b",
  '\'"$x"',
  'a\nid\n',
  '\n',
  '!!',
  'a\n!!',
  '~',
  'a=~root:~',
  '=ls',
  '*',
  '{a,b}',
  '[a-z]?',
  '#x',
  '\\',
  'a\\',
  '%s',
  '\u202Eabc\u2066',
  '\u001B[201~id\r',
  '\u0003\u0004\u0015\t',
  'zero\u200B1',
  'ünïcode 名前 🐳',
  '\uD800',
];

/** What no argument of a process can hold: U+0000, halves of characters. */
const asArgument = (value: string) => Buffer.from(value.replaceAll('\0', '')).toString();

/** Runs a line for each command in one shell and returns the words that each was given. */
function wordsIn(
  program: string,
  options: readonly string[],
  commands: readonly string[],
): string[][] {
  // How many words, and each of them, ended by the byte that is in none.
  const printer = String.raw`w() { printf '%s\000' "$#" "$@"; }`;
  const { stdout, stderr, status } = spawnSync(program, [...options, '-s'], {
    input: [printer, ...commands].join('\n'),
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  const printed = stdout.split('\0').slice(0, -1);
  const given: string[][] = [];
  while (printed.length > 0) given.push(printed.splice(0, Number(printed.shift())));
  return given;
}

const anything = fc.oneof(
  fc.constantFrom(...ROGUE),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom(...Array.from('\'"`$\\!~=*?[]{}();&|<>#%- \n\t\r')),
    maxLength: 8,
  }),
);

const SHELLS: [string, readonly string[]][] = [
  ['sh', []],
  ['bash', []],
  // As at a prompt, where `!` means something.
  ['bash', ['--norc', '-o', 'history', '-o', 'histexpand']],
];

describe.each(SHELLS)('in a real %s %s', (program, options) => {
  test('reads every quoted word back as it was', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(anything, { maxLength: 4 }), {
          minLength: 1,
          maxLength: 60,
        }),
        (commands) => {
          const lines = commands.map((words) => `w ${words.map(shellWord).join(' ')}`);
          expect(wordsIn(program, options, lines)).toEqual(
            commands.map((words) => words.map(asArgument)),
          );
        },
      ),
      { numRuns: 40 },
    );
  });

  test('also within a longer word, an assignment and an option', () => {
    const lines = ROGUE.map(
      (value) =>
        `${shell`DOCKER_HOST=${value}`}; w "$DOCKER_HOST" ${shell`--a=${value} x${value}=${3}`}`,
    );
    const values = ROGUE.map(asArgument);
    expect(wordsIn(program, options, lines)).toEqual(
      values.map((value) => [value, `--a=${value}`, `x${value}=3`]),
    );
  });

  test('a hostile hostname runs no command and is not read as an option', () => {
    const lines = ROGUE.map((name) => shell`w node update --availability drain ${name}`);
    const fixed = ['node', 'update', '--availability', 'drain'];
    expect(wordsIn(program, options, lines)).toEqual(
      ROGUE.map(asArgument).map((name) => [
        ...fixed,
        ...(name.startsWith('-') ? ['--'] : []),
        name,
      ]),
    );
  });
});

test('removes control characters and invisible characters from a word', () => {
  fc.assert(
    fc.property(fc.oneof(anything, fc.string({ unit: 'binary' })), (value) => {
      expect(shellWord(value)).not.toMatch(/(?!\n)[\p{C}\p{Bidi_Control}\p{DI}\u2028\u2029`]/u);
    }),
  );
});

test('quotes several values one by one, after -- if any begins with a dash', () => {
  expect(shell`docker service ps ${['a', 'b c']}`).toBe("docker service ps a 'b c'");
  expect(shell`docker service ps ${['a', '-b', '-c']}`).toBe('docker service ps -- a -b -c');
  expect(shell`docker service scale ${'goweb'}=${3}`).toBe('docker service scale goweb=3');
});

/** A command with a value in it that is no `shell` template: the tagged ones are taken out before. */
const UNQUOTED =
  /\b(?:docker (?:node|service|swarm|stack|secret|kill|run|build|buildx|save|load|pull|push|exec|rm|ps)\b[^`'"\n]*|(?:curl|ssh|ssh-copy-id|scp)(?: -[^`\n]*)? |export \w+=)\$\{|['"](?:docker|curl|ssh|export) [^'"\n]*['"] *\+/;

function unquoted(source: string): string | null {
  let rest = source;
  // The innermost first, as one can stand in another.
  for (let before = ''; before !== rest;) {
    before = rest;
    rest = rest.replaceAll(/\bshell`(?:\\.|[^`\\])*`/g, 'QUOTED');
  }
  // What has been quoted may be put in a sentence.
  return UNQUOTED.exec(rest.replaceAll('${QUOTED}', 'QUOTED'))?.[0] ?? null;
}

describe('commands with values use the shell template', () => {
  test.each([
    ['`docker node update --availability drain ${name}`', true],
    ['`Try \\`ssh ${target} docker version\\` there`', true],
    ['`curl -s ${url}`', true],
    ["'docker kill ' + id", true],
    ['shell`docker kill ${id}`', false],
    ['`Try \\`${shell`ssh ${target} docker version`}\\` there`', false],
    ['`ssh to ${target} failed`', false],
  ])('%s', (source, found) => expect(unquoted(source) !== null).toBe(found));

  const sources = ['app', 'bin', 'components', 'lib', 'server'].flatMap((room) =>
    readdirSync(room, { recursive: true, encoding: 'utf8' })
      .filter((file) => /(?<!\.test)\.tsx?$/.test(file))
      .map((file) => join(room, file)),
  );
  test('in every source file', () => {
    const found = sources.flatMap((file) => {
      const text = unquoted(readFileSync(file, 'utf8'));
      return text === null ? [] : [`${file}: ${text}`];
    });
    expect(found).toEqual([]);
    expect(sources.length).toBeGreaterThan(200);
  });
});

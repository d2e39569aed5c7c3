import { writeFileSync } from 'node:fs';
import { afterEach, expect, it, vi } from 'vitest';
import { TestRun } from './test-run.mjs';

type File = Record<string, 'passed' | 'failed' | 'skipped'>;

/** A vitest report as its JSON reporter writes it; a file named with "!" fails in a hook. */
function report(files: Record<string, File>): string {
  const testResults = Object.entries(files).map(([name, tests]) => {
    const broken = name.startsWith('!');
    const failed = broken || Object.values(tests).includes('failed');
    return {
      name: name.replace('!', ''),
      status: failed ? 'failed' : 'passed',
      message: '',
      assertionResults: Object.entries(tests).map(([fullName, status]) => ({
        fullName,
        status,
        failureMessages: status === 'failed' ? ['Error: expected 1 to be 2\n    at x'] : [],
      })),
    };
  });
  return JSON.stringify({ testResults });
}

/** A run whose commands end with these results, one after the other. */
function runOf(
  ...results: { files?: Record<string, File>; json?: object; ok?: boolean; output?: string }[]
) {
  const commands: string[][] = [];
  const tests = new TestRun({
    strict: true,
    runCommand: (command) => {
      commands.push([...command]);
      const { files, json, ok, output = '' } = results.shift() ?? {};
      const named = /^(--outputFile\.json|PLAYWRIGHT_JSON_OUTPUT_NAME)=/;
      const at = command.find((arg) => named.test(arg))?.split('=')[1] ?? '';
      if (files) writeFileSync(at, report(files));
      if (json) writeFileSync(at, JSON.stringify(json));
      return Promise.resolve({ ok: ok ?? false, output });
    },
  });
  const printed: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
  const summary = () => {
    tests.summary();
    return printed.slice(printed.indexOf('\n──') + 1).filter((line) => !/^ *\d+ s /.test(line));
  };
  /** Runs a stage beside another lane, and what failed once more. */
  const beside = async (stage: () => Promise<void>) => {
    await tests.lanes([stage, async () => {}]);
    await tests.secondTries();
  };
  return { tests, commands, summary, beside };
}

afterEach(() => vi.restoreAllMocks());

const stage = (tests: TestRun, options = {}) => tests.vitest('stage', ['lab'], options);

it('counts a stage that passed', async () => {
  const { tests, commands, summary, beside } = runOf({ ok: true, files: { a: { x: 'passed' } } });
  await beside(() => stage(tests));
  expect(summary()).toEqual(['1 passed, 0 failed']);
  expect(commands).toHaveLength(1);
});

it('runs a file that failed beside other stages once more, and counts that', async () => {
  const { tests, commands, summary, beside } = runOf(
    { files: { '/a': { x: 'passed' }, '/b': { y: 'failed', z: 'passed' } } },
    { ok: true, files: { '/b': { y: 'passed', z: 'passed' } } },
  );
  await beside(() => stage(tests, { files: ['a', 'b'] }));
  expect(commands[0]).toEqual(expect.arrayContaining(['run', 'a', 'b']));
  expect(commands[1]).toEqual(expect.arrayContaining(['run', '/b']));
  expect(commands[1]).not.toContain('a');
  expect(summary()).toEqual([
    'passed only when run once more: stage\n  b: y: Error: expected 1 to be 2     at x',
    '3 passed, 0 failed',
  ]);
  expect(tests.ok).toBe(true);
});

it('fails for a file that fails again', async () => {
  const files = { '/a': { x: 'passed' }, '/b': { y: 'failed' } } as const;
  const { tests, summary, beside } = runOf({ files }, { files: { '/b': { y: 'failed' } } });
  await beside(() => stage(tests));
  expect(summary()).toEqual([
    'failed: stage\n  b: y: Error: expected 1 to be 2     at x',
    '1 passed, 1 failed',
  ]);
  expect(tests.ok).toBe(false);
});

it('fails at once for a stage that ran alone', async () => {
  const { tests, commands, summary } = runOf({ files: { '/b': { y: 'failed' } } });
  await stage(tests);
  await tests.secondTries();
  expect(commands).toHaveLength(1);
  expect(summary().at(-1)).toBe('0 passed, 1 failed');
});

it('runs all files once more where their coverage counts together', async () => {
  const { tests, commands, summary, beside } = runOf(
    { files: { '/a': { x: 'passed' }, '/b': { y: 'failed' } } },
    { ok: true, files: { '/a': { x: 'passed' }, '/b': { y: 'passed' } } },
  );
  await beside(() => stage(tests, { args: ['--coverage'], whole: true }));
  expect(commands[1]).toEqual(commands[0]?.map((arg) => arg.replace('stage', 'stage-once-more')));
  expect(summary().at(-1)).toBe('2 passed, 0 failed');
});

it('fails if the coverage stays too low, though no test failed', async () => {
  const files = { '/a': { x: 'passed' } } as const;
  const { tests, summary, beside } = runOf({ files }, { files });
  await beside(() => stage(tests, { whole: true }));
  expect(summary().at(-1)).toBe('1 passed, 1 failed');
});

it('runs a stage once more whose runner ended without a report, and fails if it does so again', async () => {
  const { tests, commands, summary, beside } = runOf({ ok: true }, {});
  await beside(() => stage(tests, { files: ['a'] }));
  expect(commands[1]).toContain('a');
  expect(summary()).toEqual([
    'failed: stage\n  the runner itself failed, see its output',
    '0 passed, 1 failed',
  ]);
});

it('does so with Playwright, by the name of the file', async () => {
  const spec = (title: string, status: string) => ({
    title,
    file: 'demo/a.spec.ts',
    line: 3,
    tests: [{ status, results: [{ errors: status === 'expected' ? [] : [{ message: 'Why' }] }] }],
  });
  const suites = (status: string) => [
    {
      file: 'demo/a.spec.ts',
      specs: [spec('x', 'expected')],
      suites: [{ specs: [spec('y', status)] }],
    },
    { file: 'demo/b.spec.ts', specs: [spec('z', 'expected'), spec('s', 'skipped')] },
  ];
  const { tests, commands, summary, beside } = runOf(
    { json: { suites: suites('unexpected') } },
    { ok: true, json: { suites: suites('expected').slice(0, 1) } },
  );
  await beside(() => tests.playwright('page', 'demo', { isolated: true }));
  expect(commands[0]?.at(-1)).toBe('--project=demo');
  expect(commands[1]?.slice(-2)).toEqual(['--project=demo', '/a.spec.ts']);
  expect(summary()).toEqual([
    'skipped: 1 of page: the suite itself skips them here',
    'passed only when run once more: page\n  demo/a.spec.ts:3: y: Why',
    '3 passed, 0 failed, 1 skipped',
  ]);
});

it('names why a hook failed, which the report leaves out', async () => {
  const output = 'noise\n FAIL   lab  tests/lab/a.test.ts > the stack\nError: Hook timed out\n';
  const files = { '!/a.test.ts': { x: 'skipped' } } as const;
  const { tests, summary, beside } = runOf(
    { files, output },
    { ok: true, files: { '/a.test.ts': { x: 'passed' } } },
  );
  await beside(() => stage(tests));
  expect(summary()).toEqual([
    'passed only when run once more: stage\n  a.test.ts: \n  FAIL   lab  tests/lab/a.test.ts > the stack: Error: Hook timed out',
    '1 passed, 0 failed',
  ]);
});

it('runs what is gone after the lanes once more at once', async () => {
  const { tests, commands, beside } = runOf(
    { files: { '/a': { x: 'failed' } } },
    { ok: true, files: { '/a': { x: 'passed' } } },
  );
  const seen: number[] = [];
  await beside(async () => {
    await stage(tests, { again: 'at once' });
    seen.push(commands.length);
  });
  expect(seen).toEqual([2]);
  expect(tests.ok).toBe(true);
});

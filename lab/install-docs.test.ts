import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { installBlocks } from '../tests/lab/install-docs';
import { REPO_DIR } from './layout';

const read = (path: string): string => readFileSync(join(REPO_DIR, path), 'utf8');
const { version } = z.object({ version: z.string() }).parse(JSON.parse(read('package.json')));
const install = read('docs/install.md');

describe('the deployed version', () => {
  it.each([
    ['deploy/stack.yml', /clusterhat-dashboard:(\d+\.\d+\.\d+(?:-[\w.]*\w)?)/g],
    ['deploy/docker-bake.hcl', /variable "VERSION" \{\s+default = "([^"]+)"/g],
    ['deploy/README.md', /clusterhat-dashboard:(\d+\.\d+\.\d+(?:-[\w.]*\w)?)/g],
    [
      'Dockerfile.dashboard',
      /clusterhat-(?:dashboard:|swarm-)(\d+\.\d+\.\d+(?:-(?!\w+\.tgz)[\w.]*\w)?)/g,
    ],
    ['README.md', /clusterhat-(?:dashboard:|swarm-)(\d+\.\d+\.\d+(?:-(?!\w+\.tgz)[\w.]*\w)?)/g],
    [
      'docs/install.md',
      /clusterhat-(?:dashboard:|swarm-)(\d+\.\d+\.\d+(?:-(?!\w+\.tgz)[\w.]*\w)?)/g,
    ],
  ])('is package.json’s in %s', (file, pattern) => {
    const found = [...read(file).matchAll(pattern)].map((match) => match[1]);
    expect(new Set(found)).toEqual(new Set([version]));
  });

  it('has a section in CHANGELOG.md', () => {
    expect(read('CHANGELOG.md')).toMatch(
      new RegExp(`^## ${version.replaceAll('.', '\\.')}\\b`, 'm'),
    );
  });
});

describe('docs/install.md', () => {
  it('has commands that a shell can parse', () => {
    const blocks = [...install.matchAll(/```sh\n(.*?)```/gs)].map((match) => match[1] ?? '');
    expect(blocks.length).toBeGreaterThan(15);
    for (const block of blocks) execFileSync('sh', ['-n'], { input: block });
  });

  it('names each runnable block once, and runs each in a test', () => {
    const blocks = installBlocks(install);
    // The same commands under two names would be run under one of them only.
    expect(new Set(blocks.values()).size).toBe(blocks.size);
    const folder = join(REPO_DIR, 'tests/lab');
    const tests = readdirSync(folder)
      .filter((name) => /^controller-.*\.test\.ts$/.test(name))
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('');
    expect(documentedNames(tests)).toEqual(new Set(blocks.keys()));
  });

  it('counts the arguments of documented() as run, and no other string', () => {
    const test = `documented('one', 'two'); documented(\n'three',\n); it('four'); // 'five'`;
    expect(documentedNames(test)).toEqual(new Set(['one', 'two', 'three']));
  });

  it('ends with the hints, each with an anchor', () => {
    const end = install.slice(install.indexOf('## What you see, what it is, what to do'));
    expect(end).toMatch(/<!-- troubleshooting:begin -->[^]*<!-- troubleshooting:end -->\s*$/);
    expect(end.match(/^## /gm)).toHaveLength(1);
  });
});

describe('links', () => {
  const files = ['README.md', 'docs/README.md', 'docs/install.md', 'deploy/README.md'];
  it.each(files)('in %s have existing targets', (file) => {
    const broken = [...read(file).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)].filter(
      ([, path = '', anchor]) => {
        const target = path === '' ? file : join(dirname(file), path);
        if (!existsSync(join(REPO_DIR, target))) return true;
        return anchor !== undefined && !anchorsOf(read(target)).has(anchor);
      },
    );
    expect(broken.map(([link]) => link)).toEqual([]);
  });
});

/** The blocks that tests run: the string arguments of their calls of documented(). */
function documentedNames(source: string): Set<string> {
  const calls = [...source.matchAll(/\bdocumented\(([^)]*)\)/g)].map(([, names = '']) => names);
  return new Set(
    calls.flatMap((names) => [...names.matchAll(/'([\w-]+)'/g)].flatMap(([, name]) => name ?? [])),
  );
}

/** The anchors of a page on GitHub: its headings and explicit ones. */
function anchorsOf(page: string): Set<string> {
  const headings = [...page.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
  const named = [...page.matchAll(/(?:id|name)="([^"]+)"/g)].map((match) => match[1] ?? '');
  return new Set([...headings, ...named]);
}

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { filesOf } from '../../scripts/lib/files.mjs';
import { makeRelease, unpack } from './release';

/** The relative links of a page, without those in code. */
function linksOf(markdown: string): string[] {
  const prose = markdown
    .replaceAll(/^(```+|~~~+)[^]*?^\1/gm, '')
    .replaceAll(/(`+)(?!`)[^]*?[^`]\1(?!`)/g, '');
  const links = [
    ...prose.matchAll(/\]\(([^)\s]+)[^)]*\)/g),
    ...prose.matchAll(/^\[[^\]]+\]:\s*(\S+)/gm),
    ...prose.matchAll(/\b(?:href|src)="([^"]+)"/g),
  ].map(([, link = '']) => link);
  return links.filter((link) => !/^(?:[a-z]+:|#)/i.test(link));
}

test('links of the archive’s pages have targets in the archive', async () => {
  const folder = await unpack(await makeRelease());
  const pages = filesOf(folder).filter((file) => file.endsWith('.md'));
  expect(pages).toEqual(expect.arrayContaining(['README.md', 'docs/README.md', 'docs/install.md']));
  const links = pages.flatMap((page) =>
    linksOf(readFileSync(join(folder, page), 'utf8')).map((link) => ({ page, link })),
  );
  expect(links.length).toBeGreaterThan(20);
  const dead = links.filter(({ page, link }) => {
    const target = join(folder, dirname(page), link.replace(/[?#].*$/, ''));
    return !existsSync(target);
  });
  expect(dead).toEqual([]);
});

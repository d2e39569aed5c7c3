import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { thirdPartyLicenses } from './licenses.mjs';

const COMPILED = 'node_modules/next/dist/compiled';
const page = thirdPartyLicenses();
const inNext = readdirSync(COMPILED, { recursive: true, encoding: 'utf8' });

/** Number of occurrences of a text in the page, ignoring surrounding whitespace. */
const count = (text: string): number => page.split(text.replaceAll('\r\n', '\n').trim()).length - 1;

describe('code that is bundled with Next', () => {
  const licences = inNext.filter((path) => /(^|\/)LICENSE[^/]*$/.test(path));

  test('has each of its licences in the page', () => {
    expect(licences.length).toBeGreaterThan(100);
    const missing = licences.filter(
      (path) => count(readFileSync(join(COMPILED, path), 'utf8')) === 0,
    );
    expect(missing).toEqual([]);
  });

  test('is named, folder by folder', () => {
    const named = new Set([...page.matchAll(/^- (\S+) \(in next\)$/gm)].map(([, name]) => name));
    const folders = new Set(inNext.filter((path) => /\.[cm]?js$/.test(path)).map(dirname));
    expect(folders.size).toBeGreaterThan(100);
    const unnamed = [...folders].filter((folder) => {
      const parents = folder.split('/').map((_, i, parts) => parts.slice(0, i + 1).join('/'));
      return folder !== '.' && !parents.some((parent) => named.has(parent));
    });
    expect(unnamed).toEqual([]);
  });
});

describe('the packages of the lock', () => {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    packages: Record<string, { version: string; dev?: true; devOptional?: true; optional?: true }>;
  };
  const needed = Object.entries(packages).filter(
    ([key, { dev, devOptional, optional }]) => key !== '' && !dev && !devOptional && !optional,
  );

  test('are named with their versions', () => {
    expect(needed.length).toBeGreaterThan(50);
    for (const [key, { version }] of needed) {
      expect(page).toContain(`\n- ${key.replace(/^.*node_modules\//, '')} ${version}\n`);
    }
  });

  test('have their texts, with any file name', () => {
    const file = 'node_modules/emoji-regex/LICENSE-MIT.txt';
    expect(count(readFileSync(file, 'utf8'))).toBe(1);
    expect(count(readFileSync('node_modules/next/license.md', 'utf8'))).toBe(1);
  });
});

test('a shared licence text is listed once, with all its packages', () => {
  const texts = [...page.matchAll(/^~~~~text\n([^]*?)\n~~~~$/gm)].map(([, text]) => text);
  expect(texts.length).toBeGreaterThan(100);
  expect(new Set(texts).size).toBe(texts.length);
});

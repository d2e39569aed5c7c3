import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

interface Manifest {
  icons: { src: string; sizes: string; type: string; purpose?: string }[];
  start_url: string;
  scope: string;
}

const read = () => JSON.parse(readFileSync('public/manifest.webmanifest', 'utf8')) as Manifest;

/** Width and height in a png's header. */
function pngSize(file: string): string {
  const bytes = readFileSync(join('public', file));
  expect(bytes.toString('latin1', 1, 4)).toBe('PNG');
  return `${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`;
}

test('every icon of the manifest has the size that it names, and few bytes', () => {
  const { icons } = read();
  for (const { src } of icons) expect(statSync(join('public', src)).size, src).toBeLessThan(12_000);
  for (const { src, sizes } of icons.filter(({ type }) => type === 'image/png')) {
    expect(pngSize(src), src).toBe(sizes);
  }
  expect(pngSize('apple-touch-icon.png')).toBe('180x180');
});

test('has the icons that browsers require to install a page, and one for any shape', () => {
  const { icons } = read();
  const plain = icons.filter(({ purpose }) => purpose === undefined).map(({ sizes }) => sizes);
  expect(plain).toEqual(expect.arrayContaining(['192x192', '512x512']));
  expect(icons.some(({ purpose }) => purpose === 'maskable')).toBe(true);
});

test("all addresses are relative: they are right below a proxy's path", () => {
  const { icons, start_url, scope } = read();
  for (const address of [start_url, scope, ...icons.map(({ src }) => src)]) {
    expect(address).not.toMatch(/^\/|:/);
  }
});

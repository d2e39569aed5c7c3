import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { mergeSameChunks } from './same-chunks.mjs';

let dist: string;
beforeEach(() => {
  dist = mkdtempSync(join(tmpdir(), 'chunks-'));
});
afterEach(() => rmSync(dist, { recursive: true }));

function built(files: Record<string, string>) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dist, path)), { recursive: true });
    writeFileSync(join(dist, path), text);
  }
}

const read = (path: string) => readFileSync(join(dist, path), 'utf8');

test('every route loads the one chunk that is kept', () => {
  built({
    'server/chunks/a.js': 'module.exports=[1]\n//# sourceMappingURL=a.js.map',
    'server/chunks/b.js': 'module.exports=[1]\n//# sourceMappingURL=b.js.map',
    'server/chunks/c.js': 'module.exports=[2]\n//# sourceMappingURL=c.js.map',
    'server/app/one/route.js': 'R.c("server/chunks/a.js")\nR.c("server/chunks/c.js")',
    'server/app/two/route.js': 'R.c("server/chunks/b.js")\nR.c("server/chunks/c.js")',
    'server/app/api/openapi.json/manifest.json': '{"chunks":["server/chunks/b.js"]}',
  });
  expect(mergeSameChunks(dist)).toEqual(['server/chunks/b.js']);
  expect(existsSync(join(dist, 'server/chunks/b.js'))).toBe(false);
  expect(read('server/chunks/a.js')).toContain('[1]');
  expect(read('server/app/two/route.js')).toBe(
    'R.c("server/chunks/a.js")\nR.c("server/chunks/c.js")',
  );
  expect(read('server/app/api/openapi.json/manifest.json')).toBe(
    '{"chunks":["server/chunks/a.js"]}',
  );
});

test('chunks that differ stay, and so does what is no chunk', () => {
  const files = {
    'server/chunks/a.js': 'module.exports=[1,"//# x"]',
    'server/chunks/ssr/a.js': 'module.exports=[1,"//# y"]',
    'server/app/one/route.js': 'R.c("server/chunks/a.js")',
    'server/app/two/route.js': 'R.c("server/chunks/a.js")',
  };
  built(files);
  expect(mergeSameChunks(dist)).toEqual([]);
  for (const [path, text] of Object.entries(files)) expect(read(path)).toBe(text);
});

test('a chunk that another chunk loads is found there, too', () => {
  built({
    'server/chunks/a.js': 'x',
    'server/chunks/ssr/a.js': 'x',
    'server/chunks/loader.js': 'e.l("server/chunks/ssr/a.js")',
  });
  expect(mergeSameChunks(dist)).toEqual(['server/chunks/ssr/a.js']);
  expect(read('server/chunks/loader.js')).toBe('e.l("server/chunks/a.js")');
});

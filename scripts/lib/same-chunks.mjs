import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesOf } from './files.mjs';

/**
 * Keeps one of the server's chunks that have the same content, and makes everything load that one. Turbopack writes a chunk
 * once for each group of routes, and a server that has answered them all would hold each copy in memory: source and code.
 * @param {string} dist Next's folder of what it built (`.next`)
 * @returns {string[]} the chunks that were removed, by their paths from `dist`
 */
export function mergeSameChunks(dist) {
  const built = filesOf(join(dist, 'server'))
    .map((path) => `server/${path}`)
    .filter((path) => /\.(js|json)$/.test(path));
  /** @type {Map<string, string>} content to the chunk that is kept */
  const kept = new Map();
  /** @type {Map<string, string>} removed chunk to the one that is kept */
  const same = new Map();
  for (const path of built) {
    if (!/^server\/chunks\/.*\.js$/.test(path)) continue;
    const content = readFileSync(join(dist, path), 'utf8').replace(/\n\/\/# [^\n]*\s*$/, '');
    const first = kept.get(content);
    if (first === undefined) kept.set(content, path);
    else same.set(path, first);
  }
  if (same.size === 0) return [];
  for (const path of built) {
    const text = readFileSync(join(dist, path), 'utf8');
    const merged = text.replace(/"(server\/chunks\/[^"]+\.js)"/g, (quoted, chunk) =>
      same.has(chunk) ? `"${same.get(chunk)}"` : quoted,
    );
    if (merged !== text) writeFileSync(join(dist, path), merged);
  }
  for (const path of same.keys()) rmSync(join(dist, path));
  return [...same.keys()];
}

import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

/** @param {string} folder @returns {string[]} its files, by their paths from the folder */
export function filesOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

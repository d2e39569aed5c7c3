import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The licences of everything that the release may hold code of, as most of them ask for: each package
 * that has to be installed for the dashboard to run.
 * @returns {string} Markdown
 */
export function thirdPartyLicenses() {
  /** @type {Record<string, { version?: string, license?: string, dev?: boolean, devOptional?: boolean, optional?: boolean }>} */
  const packages = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages;
  const sections = Object.entries(packages)
    .filter(([path, entry]) => path !== '' && !entry.dev && !entry.devOptional && !entry.optional)
    .map(([path, { version, license }]) => {
      const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
      const file = readdirSync(path).find((entry) => /^licen[cs]e(\.|$)/i.test(entry));
      const text = file ? readFileSync(join(path, file), 'utf8').trim() : (license ?? 'unknown');
      return `## ${name} ${version}\n\n${text}\n`;
    });
  return `# Licences of the packages in this release\n\n${sections.join('\n')}`;
}

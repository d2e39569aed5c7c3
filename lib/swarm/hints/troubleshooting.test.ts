import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PROBLEM_KINDS, type ProblemKind } from '../../api';
import type { EngineErrorKind } from '../../engine/errors';
import {
  buildCommand,
  INSTALL_VXLAN,
  LOAD_BRIDGE_FILTER,
  LOAD_MODULES,
  MEMORY_ACCOUNTING,
} from './cures';
import { HINT_HELP } from './hints';
import { HAT_PLATFORMS } from '../placement/platforms';
import { TROUBLESHOOTING, type HelpId } from './troubleshooting';
import { troubleshootingMarkdown, withTroubleshooting } from './troubleshooting-markdown';

const entries = TROUBLESHOOTING.flatMap((part) => [...part.entries]);
const ids: readonly string[] = entries.map(({ id }) => id);

/** A problem's kind is its anchor; `conflict` is what `out-of-sequence` is called outside. */
const anchor: (kind: ProblemKind | Exclude<EngineErrorKind, 'out-of-sequence'>) => HelpId = (
  kind,
) => kind;

/** The ids that the page's own code names: links, lamps, and problems that the browser notices by itself. */
function namedByComponents(): string[] {
  return ['components', 'lib/client']
    .flatMap((room) =>
      readdirSync(room, { recursive: true, encoding: 'utf8' }).map((file) => join(room, file)),
    )
    .filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.test.ts'))
    .flatMap((file) => {
      const source = readFileSync(file, 'utf8');
      const links = source.matchAll(/<Help id="([^"]+)"|\?\? '([^']+)'\}? about=|help: '([^']+)'/g);
      const problems = source.matchAll(/kind: '([^']+)',\s+detail:/g);
      return [...links, ...problems].flatMap((match) => match.slice(1).filter(Boolean));
    });
}

describe('the anchors', () => {
  test('are unique and need no escaping in a URL', () => {
    const all = [...ids, ...TROUBLESHOOTING.map(({ id }) => id)];
    expect(new Set(all).size).toBe(all.length);
    for (const id of all) expect(id).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
  });

  test('exist for every hint, every engine error and every link of the page', () => {
    const named = namedByComponents();
    expect(named).toEqual(
      expect.arrayContaining(['absent', 'node-down', 'stale', 'server-silent']),
    );
    const wanted = [...HINT_HELP, ...PROBLEM_KINDS.map(anchor), ...named];
    expect(wanted.filter((id) => !ids.includes(id))).toEqual([]);
  });

  test('are each the target of a hint, an error or a link', () => {
    const reached = new Set<string>([...HINT_HELP, ...PROBLEM_KINDS, ...namedByComponents()]);
    expect(ids.filter((id) => !reached.has(id))).toEqual([]);
  });
});

test.each(entries)('$id has a symptom, an explanation and a remedy', (entry) => {
  for (const text of [entry.see, entry.is, entry.do]) {
    expect(text).toMatch(/^\S.*[.”]$/s);
    // Code is between two backticks.
    expect(text.split('`').length % 2).toBe(1);
  }
});

describe('docs/install.md', () => {
  const file = new URL('../../../docs/install.md', import.meta.url);

  test('contains the table as `npm run docs` writes it', () => {
    const document = readFileSync(file, 'utf8');
    expect(document).toBe(withTroubleshooting(document));
  });

  test('the table, the hints and the steps have the same commands', () => {
    const document = readFileSync(file, 'utf8');
    const steps = document.slice(0, document.indexOf('<!-- troubleshooting:begin -->'));
    for (const text of [steps, troubleshootingMarkdown()]) {
      for (const cure of [LOAD_MODULES, INSTALL_VXLAN, MEMORY_ACCOUNTING]) {
        expect(text).toContain(cure.replaceAll('`', ''));
      }
      expect(text.match(/modprobe(?! -a vxlan ip_vs| br_netfilter)/g)).toBeNull();
    }
    expect(troubleshootingMarkdown()).toContain(LOAD_BRIDGE_FILTER);
    for (const platforms of [HAT_PLATFORMS, ['linux/arm/v6']]) {
      expect(troubleshootingMarkdown()).toContain(buildCommand(platforms));
    }
  });

  test('has one row for each entry, with any characters', () => {
    const rows = troubleshootingMarkdown()
      .split('\n')
      .filter((line) => line.startsWith('| <a id='));
    expect(rows).toHaveLength(entries.length);
    // Three cells: bars within them are escaped.
    for (const row of rows) expect(row.match(/(?<!\\)\|/g), row).toHaveLength(4);
  });

  test('throws without the markers', () => {
    expect(() => withTroubleshooting('# Installation\n')).toThrow(/troubleshooting:begin/);
  });
});

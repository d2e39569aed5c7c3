import { TROUBLESHOOTING } from './troubleshooting';

/** What encloses the table in docs/install.md. */
const BEGIN = '<!-- troubleshooting:begin -->';
const END = '<!-- troubleshooting:end -->';

/** A cell; a `|` in it would end it. */
const cell = (text: string) => text.replaceAll('|', String.raw`\|`);

/** The troubleshooting table as Markdown, a table for each part, each row with its anchor. */
export function troubleshootingMarkdown(): string {
  return TROUBLESHOOTING.map(({ title, entries }) =>
    [
      `### ${title}`,
      '',
      // The formatter would pad every cell to the longest one.
      '<!-- prettier-ignore -->',
      '| What you see | What it is | What to do |',
      '| --- | --- | --- |',
      ...entries.map(
        (entry) =>
          `| <a id="${entry.id}"></a>${cell(entry.see)} | ${cell(entry.is)} | ${cell(entry.do)} |`,
      ),
    ].join('\n'),
  ).join('\n\n');
}

/** The document with the table between its two markers. Throws when it does not have them. */
export function withTroubleshooting(document: string): string {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`No ${BEGIN} … ${END} in the document.`);
  return `${document.slice(0, begin + BEGIN.length)}\n\n${troubleshootingMarkdown()}\n\n${document.slice(end)}`;
}

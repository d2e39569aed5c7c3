/** A cell's value; null is an empty cell. */
export type Cell = string | number | boolean | null;

/**
 * Text that a spreadsheet would run as a formula, such as a service named `=HYPERLINK(…)` (OWASP, "CSV
 * Injection"). A leading quote makes it text.
 */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/** Rows as CSV (RFC 4180): a header, then one line per row, each ending in CR LF. */
export function csvOf(header: readonly string[], rows: Iterable<readonly Cell[]>): string {
  let text = line(header);
  for (const row of rows) text += line(row);
  return text;
}

function line(cells: readonly Cell[]): string {
  return `${cells.map(cellText).join(',')}\r\n`;
}

function cellText(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) || text !== cell ? `"${text.replaceAll('"', '""')}"` : text;
}

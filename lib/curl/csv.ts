/** Tables as CSV (RFC 4180) that a spreadsheet can be trusted to open. */

/** What a cell can hold; null is an empty one. */
export type Cell = string | number | boolean | null;

/**
 * Text that a spreadsheet would run as a formula (OWASP, "CSV Injection"): a service can call
 * itself `=HYPERLINK(…)`. A quote before it makes it text.
 */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/** Rows as CSV: a header, then a line each, every line ended by CR LF. */
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

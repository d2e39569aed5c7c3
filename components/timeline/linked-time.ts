/** The earliest and latest time that a link may hold: what the server accepts (15 digits are beyond year 9999). */
const MAX = Date.UTC(9999, 11, 31);

/** A time as a link holds it: `2026-11-28T23:52:18.123Z`. */
export function timeParameter(at: number): string {
  return new Date(at).toISOString();
}

/** Parses a link's time; null if it is none. */
export function linkedTime(text: string): number | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/.test(text)) return null;
  const at = Date.parse(text);
  return at >= 0 && at <= MAX ? at : null;
}

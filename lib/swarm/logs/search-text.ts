/** A request's id, which is searched as a whole: `3f2a9c1e-1` is not in `3f2a9c1e-17`. */
const REQUEST_ID = /^(?:id=)?[0-9a-f]{8}-\d+$/;

/**
 * The pattern of a plain text in upper or lower case; null for an empty one. Global, as `matchAll` needs; `search` ignores
 * that.
 */
export function searchPattern(text: string): RegExp | null {
  if (text === '') return null;
  const escaped = text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
  return new RegExp(
    REQUEST_ID.test(text) ? String.raw`(?<![\w-])${escaped}(?![\w-])` : escaped,
    'gi',
  );
}

/** Whether a text has more than `most` characters as JSON Schema and zod count them: an emoji is one, and two in `length`. */
export function isLonger(text: string, most: number): boolean {
  return text.length > most && (text.length > 2 * most || Array.from(text).length > most);
}

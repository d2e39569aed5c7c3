/** Splits a filter's text into lower-case words. */
export function filterWords(text: string): string[] {
  return text.toLowerCase().split(/\s+/).filter(Boolean);
}

/** Whether `text` (lower case) contains all words. */
export function hasWords(text: string, words: readonly string[]): boolean {
  return words.every((word) => text.includes(word));
}

/** `1,234`. */
export function grouped(count: number): string {
  return count.toLocaleString('en');
}

/** `495 nodes`, `1 node`, `12 of 495 nodes`. `noun` in the plural. */
export function countWords(left: number, all: number, noun: string): string {
  const words = all === 1 ? noun.replace(/s$/, '') : noun;
  return left === all ? `${grouped(all)} ${words}` : `${grouped(left)} of ${grouped(all)} ${words}`;
}

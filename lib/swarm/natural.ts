const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'variant' });

/** Natural order of names: zero2 before zero10 (as docker's own tables do). */
export function naturalOrder(a: string, b: string): number {
  return collator.compare(a, b);
}

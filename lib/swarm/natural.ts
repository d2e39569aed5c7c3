const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'variant' });

/** Orders names as people count: zero2 before zero10 (as docker's own tables do). */
export function naturalOrder(a: string, b: string): number {
  return collator.compare(a, b);
}

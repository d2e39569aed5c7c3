/** Whether every case of the long tables is tested, as `npm test` does; `npm run check` takes a sample. */
export const EVERY_CASE = process.env.EVERY_CASE === '1';

/** All cases, or every `nth` of them for `npm run check`. */
export function casesOf<T>(cases: readonly T[], nth: number): readonly T[] {
  return EVERY_CASE ? cases : cases.filter((_, at) => at % nth === 0);
}

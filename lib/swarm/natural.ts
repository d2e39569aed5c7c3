const isDigit = (code: number) => code >= 48 && code <= 57;
const ZERO = 48;

/**
 * Natural order of names, zero2 before zero10, exactly as docker's own tables have it (fvbommel/sortorder,
 * `NaturalLess`): digits before other characters, which are compared by their codes; of equal numbers the one with
 * fewer zeros first.
 */
export function naturalOrder(a: string, b: string): number {
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(j)];
    if (isDigit(x) !== isDigit(y)) return isDigit(x) ? -1 : 1;
    if (!isDigit(x)) {
      if (x !== y) return x - y;
      i++;
      j++;
      continue;
    }
    while (a.charCodeAt(i) === ZERO) i++;
    while (b.charCodeAt(j) === ZERO) j++;
    const [from, fromB] = [i, j];
    while (isDigit(a.charCodeAt(i))) i++;
    while (isDigit(b.charCodeAt(j))) j++;
    if (i - from !== j - fromB) return i - from - (j - fromB);
    const [n, m] = [a.slice(from, i), b.slice(fromB, j)];
    if (n !== m) return n < m ? -1 : 1;
    if (from !== fromB) return from - fromB;
  }
  return a.length - i - (b.length - j);
}

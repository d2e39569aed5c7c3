/**
 * The part of npm's version ranges that is needed to check a lock and a Node.js version before any
 * package is installed. https://github.com/npm/node-semver#ranges
 *
 * @typedef {{ numbers: number[], prerelease: string[] }} Version
 * @typedef {[operator: '<' | '<=' | '>' | '>=' | '=', version: Version]} Comparator
 */

const IDENTIFIERS = String.raw`[\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*`;
const SUFFIX = String.raw`(?:-(${IDENTIFIERS}))?(?:\+${IDENTIFIERS})?`;
const VERSION = new RegExp(String.raw`^(\d+)\.(\d+)\.(\d+)${SUFFIX}$`);
const PART = String.raw`(\d+|[xX*])`;
const COMPARATOR = new RegExp(
  String.raw`^(\^|~|[<>]?=?)v?${PART}(?:\.${PART}(?:\.${PART}${SUFFIX})?)?$`,
);

/** @param {string} text @returns {Version | undefined} */
function parseVersion(text) {
  const match = VERSION.exec(text);
  if (!match) return undefined;
  return { numbers: match.slice(1, 4).map(Number), prerelease: match[4]?.split('.') ?? [] };
}

/** @param {Version} a @param {Version} b @returns {number} below 0 when `a` comes first */
function compare(a, b) {
  for (const [i, number] of a.numbers.entries()) {
    const difference = number - (b.numbers[i] ?? 0);
    if (difference !== 0) return difference;
  }
  if (a.prerelease.length === 0 || b.prerelease.length === 0)
    return b.prerelease.length - a.prerelease.length;
  for (const [i, one] of a.prerelease.entries()) {
    const other = b.prerelease[i];
    if (other === undefined) return 1;
    if (one === other) continue;
    const [left, right] = [/^\d+$/.test(one), /^\d+$/.test(other)];
    if (left && right) return Number(one) - Number(other);
    if (left !== right) return left ? -1 : 1;
    return one < other ? -1 : 1;
  }
  return a.prerelease.length - b.prerelease.length;
}

/** @param {string} text such as `^1.2` @returns {Comparator[] | undefined} none for "any version" */
function parseComparator(text) {
  const match = COMPARATOR.exec(text);
  if (!match) return undefined;
  const [, operator = '', ...rest] = match;
  const parts = rest
    .slice(0, 3)
    .map((part) => (part && /\d/.test(part) ? Number(part) : undefined));
  const wildcard = parts.indexOf(undefined);
  const known = wildcard === -1 ? 3 : wildcard;
  const prerelease = (known === 3 && rest[3]?.split('.')) || [];
  if (known === 0) return operator === '<' || operator === '>' ? NOTHING : [];

  const numbers = parts.map((part, i) => (i < known ? (part ?? 0) : 0));
  /** @type {Version} */
  const low = { numbers, prerelease };
  /** The first version that differs in part `at`; `-0` comes before its prereleases. @param {number} at */
  const after = (at) => ({
    numbers: numbers.map((number, i) => (i < at ? number : i === at ? number + 1 : 0)),
    prerelease: ['0'],
  });
  const end = after(known - 1);

  if (operator === '^') {
    const firstSet = numbers.findIndex((number) => number > 0);
    return [
      ['>=', low],
      ['<', after(firstSet === -1 ? known - 1 : Math.min(firstSet, known - 1))],
    ];
  }
  if (operator === '~') {
    return [
      ['>=', low],
      ['<', after(Math.min(known - 1, 1))],
    ];
  }
  if (known === 3) return [[/** @type {Comparator[0]} */ (operator || '='), low]];
  if (operator === '>') return [['>=', { ...end, prerelease: [] }]];
  if (operator === '>=') return [['>=', low]];
  if (operator === '<') return [['<', { numbers, prerelease: ['0'] }]];
  if (operator === '<=') return [['<', end]];
  return [
    ['>=', low],
    ['<', end],
  ];
}

/** @type {Comparator[]} */
const NOTHING = [['<', { numbers: [0, 0, 0], prerelease: ['0'] }]];

/** @param {string} range @returns {Comparator[][] | undefined} alternatives; undefined for anything but a range */
function parseRange(range) {
  const alternatives = range.split('||').map((alternative) => {
    const comparators = alternative
      .trim()
      .replace(/^(\S+)\s+-\s+(\S+)$/, '>=$1 <=$2')
      .replaceAll(/([<>=^~])\s+/g, '$1')
      .split(/\s+/)
      .filter((text) => text !== '')
      .map(parseComparator);
    return alternative.trim() === '' || comparators.some((one) => one === undefined)
      ? undefined
      : comparators.flatMap((one) => one ?? []);
  });
  return alternatives.some((one) => one === undefined)
    ? undefined
    : alternatives.flatMap((one) => (one ? [one] : []));
}

/** @param {string} text @returns {boolean} whether it is a range of versions, and no tag, address, path or alias */
export function isRange(text) {
  return parseRange(text) !== undefined;
}

/**
 * Whether a version is in a range. As in npm, a prerelease is only in ranges with a prerelease of the
 * same version.
 * @param {string} version @param {string} range
 */
export function satisfies(version, range) {
  const parsed = parseVersion(version);
  if (!parsed) return false;
  return (parseRange(range) ?? []).some(
    (comparators) =>
      comparators.every(([operator, bound]) => {
        const order = compare(parsed, bound);
        if (order === 0) return operator.includes('=');
        return order < 0 ? operator.startsWith('<') : operator.startsWith('>');
      }) &&
      (parsed.prerelease.length === 0 ||
        comparators.some(
          ([, bound]) =>
            bound.prerelease.length > 0 &&
            bound.numbers.every((number, i) => number === parsed.numbers[i]),
        )),
  );
}

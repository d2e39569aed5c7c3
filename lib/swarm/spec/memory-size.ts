/** Sizes of memory as docker's client reads them (go-units RAMInBytes): `64M`, `64MiB` and `64mb` are 64 × 1024² bytes. */

const UNITS = ['', 'k', 'm', 'g', 't', 'p'];
const SIZE = /^(\d+\.?\d*|\.\d+) ?(?:b|([kmgtp])(?:i?b)?)?$/i;

/** Bytes; null if the text is no size. */
export function parseMemory(text: string): number | null {
  const [, amount, unit = ''] = SIZE.exec(text) ?? [];
  if (amount === undefined) return null;
  return Math.trunc(Number(amount) * 1024 ** UNITS.indexOf(unit.toLowerCase()));
}

/** A text that `parseMemory` reads back as exactly these bytes: `64M`, `1500`. */
export function memoryText(bytes: number): string {
  let amount = bytes;
  let unit = 0;
  while (amount > 0 && amount % 1024 === 0 && unit < UNITS.length - 1) {
    amount /= 1024;
    unit++;
  }
  return `${amount}${(UNITS[unit] ?? '').toUpperCase()}`;
}

import { textOf } from './raw-spec';

/** What docker's client does with values in the readable form of its inspect commands. */

export const shown = (value: unknown) => textOf(value) ?? '';
export const byBytes = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
export const number = (value: unknown) => (typeof value === 'number' ? value : 0);
export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** A map in the order of its names; nothing of an empty one. */
export function mapLines(
  title: string,
  map: Readonly<Record<string, string>>,
  indent: string,
  between: string,
): string[] {
  const names = Object.keys(map).sort(byBytes);
  if (names.length === 0) return [];
  return [title, ...names.map((name) => `${indent}${name}${map[name] ? between + map[name] : ''}`)];
}

const SIZES = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB', 'ZiB', 'YiB'];

/** go-units `BytesSize`: four significant digits. */
export function bytesSize(bytes: number): string {
  let amount = bytes;
  let unit = 0;
  while (amount >= 1024 && unit < SIZES.length - 1) {
    amount /= 1024;
    unit++;
  }
  return `${Number(amount.toPrecision(4))}${SIZES[unit]}`;
}

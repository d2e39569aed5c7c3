/** Durations as Go writes and reads them (time.ParseDuration): `1m30s`, `500ms`. The engine counts nanoseconds. */

const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};
const PART = /(?=\.?\d)(\d*)(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h)/gy;

/** Nanoseconds, negative ones included; null if the text is no duration. */
export function parseDuration(text: string): number | null {
  const [, sign, rest = ''] = /^([+-]?)(.*)$/s.exec(text) ?? [];
  const factor = sign === '-' ? -1 : 1;
  if (rest === '0') return 0;
  let sum = 0;
  let end = 0;
  for (const [part, whole, fraction = '', unit = ''] of rest.matchAll(PART)) {
    const ns = UNITS[unit] ?? Number.NaN;
    // In Go's order, as a product with a decimal number can be a nanosecond too short: 0.009h.
    sum += Number(whole) * ns + Math.trunc(Number(fraction) * (ns / 10 ** fraction.length));
    end += part.length;
  }
  return end === 0 || end < rest.length ? null : factor * sum || 0;
}

/** As Go's Duration.String: `1m30s`, `1.5s`, `0s`. */
export function goDuration(ns: number): string {
  if (ns === 0) return '0s';
  const size = Math.abs(ns);
  const sign = ns < 0 ? '-' : '';
  if (size < 1e9) {
    const [unit, factor] = size < 1e3 ? ['ns', 1] : size < 1e6 ? ['µs', 1e3] : ['ms', 1e6];
    return `${sign}${decimal(size, factor)}${unit}`;
  }
  const hours = Math.floor(size / 3600e9);
  const minutes = Math.floor(size / 60e9) % 60;
  const seconds = `${decimal(size - Math.floor(size / 60e9) * 60e9, 1e9)}s`;
  if (hours > 0) return `${sign}${hours}h${minutes}m${seconds}`;
  return `${sign}${minutes > 0 ? `${minutes}m` : ''}${seconds}`;
}

/** `ns / factor` with all its digits, which a floating-point division would round. */
function decimal(ns: number, factor: number): string {
  const digits = String(factor).length - 1;
  const whole = Math.floor(ns / factor);
  const rest = String(ns % factor)
    .padStart(digits, '0')
    .replace(/0+$/, '');
  return digits > 0 && rest !== '' ? `${whole}.${rest}` : `${whole}`;
}

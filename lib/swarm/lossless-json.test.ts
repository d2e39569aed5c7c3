import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseLossless, stringifyLossless, withNumbers } from './lossless-json';

test.each([
  '{"MaxAttempts":18446744073709551615}',
  '{"Delay":9072000000000001,"Label":"9072000000000001"}',
  '[-9223372036854775808,9007199254740991,-1,0,0.1,1e-7]',
  '{"a":"\\"18446744073709551615","b":"\\\\","c":12345678901234567890}',
  '{"18446744073709551615":1}',
])('writes %s back as it was', (text) => {
  expect(stringifyLossless(parseLossless(text))).toBe(text);
});

test('writes it with an indent', () => {
  const value = parseLossless('{"a":[18446744073709551615,"x"]}');
  expect(stringifyLossless(value, 2)).toBe(
    '{\n  "a": [\n    18446744073709551615,\n    "x"\n  ]\n}',
  );
});

test('a number with a fraction or exponent stays a number', () => {
  const text = '[1234567890123456789.5,1234567890123456789e2]';
  expect(parseLossless(text)).toEqual(JSON.parse(text));
});

test('a text that looks like a marked integer stays a text', () => {
  for (const text of ['\0int:5', '\0int:\0int:5', '\0int:', '\0', '"\0int:5', '\\"\0int:5']) {
    const json = JSON.stringify({ text, other: [text] });
    expect(stringifyLossless(parseLossless(json))).toBe(json);
  }
  const escaped = String.raw`"\u0000\u0069nt:5"`;
  expect(stringifyLossless(parseLossless(escaped))).toBe(JSON.stringify('\0int:5'));
});

test('shows the nearest numbers', () => {
  const value = parseLossless(
    '{"a":[18446744073709551615,5],"b":{"c":-9223372036854775808,"d":"x"}}',
  );
  expect(withNumbers(value)).toEqual({ a: [2 ** 64, 5], b: { c: -(2 ** 63), d: 'x' } });
});

test('any JSON with integers of any size is written back the same', () => {
  const leaf = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string().map((text) => `\0int:${text}`),
    fc.string().map((text) => `${text}"\0int:7`),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n }),
    fc.boolean(),
    fc.constant(null),
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.dictionary(fc.string(), tie('tree'), { maxKeys: 4 }),
    ),
  }));
  const write = (value: unknown): string => {
    if (typeof value === 'bigint') return String(value);
    if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
    if (typeof value !== 'object' || value === null) return JSON.stringify(value);
    const pairs = Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}:${write(one)}`);
    return `{${pairs.join(',')}}`;
  };
  fc.assert(
    fc.property(tree, (value) => {
      const text = write(value);
      expect(stringifyLossless(parseLossless(text))).toBe(text);
    }),
  );
});

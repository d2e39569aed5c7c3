import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bodyText, headerList, RESPONSE_LIMITS, statusLine, visible } from './response-text';

const bytes = (text: string) => new TextEncoder().encode(text);
/** What could change how the page looks outside of its own box. */
const HIDDEN = /(?!\n|\t)[\p{Cc}\p{Cf}\u2028\u2029]/u;

describe('body as text', () => {
  test.each([
    ['This is it\r\nsaying: Hello!\n', 'This is it\nsaying: Hello!\n'],
    ['<script>alert(1)</script> &amp;', '<script>alert(1)</script> &amp;'],
    ['naïve ☕ 👍', 'naïve ☕ 👍'],
    ['\u001b[31mred\u001b[0m', String.raw`\x1b[31mred\x1b[0m`],
    ['evil\u202egnp.exe', String.raw`evil\u202egnp.exe`],
    ['\ufeffbyte order mark', String.raw`\ufeffbyte order mark`],
    ['tag\u{e0001}', String.raw`tag\u{e0001}`],
    ['progress\rprogress', String.raw`progress\x0dprogress`],
  ])('shows %j as %j', (body, text) => {
    expect(bodyText(bytes(body), false)).toEqual({ text, binary: false, truncated: false });
  });

  test('shows the bytes of what is not text', () => {
    const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 0x1a, 10, 0);
    expect(bodyText(png, false)).toEqual({
      text: '\\x89PNG\\x0d\n\\x1a\n\\x00',
      binary: true,
      truncated: false,
    });
  });

  test('cuts within a character that the limit of bytes has cut', () => {
    const cut = bytes('ab👍').subarray(0, 4);
    expect(bodyText(cut, true)).toEqual({ text: 'ab', binary: false, truncated: true });
    expect(bodyText(cut, false)).toMatchObject({ binary: true, truncated: false });
  });

  test('is bounded, and says when it was cut', () => {
    const long = bodyText(bytes('x'.repeat(RESPONSE_LIMITS.body + 1)), false);
    expect(long.text).toHaveLength(RESPONSE_LIMITS.body);
    expect(long.truncated).toBe(true);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 6000 }), fc.boolean(), (body, truncated) => {
        const shown = bodyText(body, truncated);
        expect(shown.text.length).toBeLessThanOrEqual(RESPONSE_LIMITS.body);
        expect(HIDDEN.test(shown.text)).toBe(false);
        expect(shown.truncated || !truncated).toBe(true);
      }),
    );
  });
});

describe('headers', () => {
  test('keeps their order, repetitions and case', () => {
    expect(headerList(['Server', 'x', 'Set-Cookie', 'a=1', 'set-cookie', 'b\t2'])).toEqual({
      headers: [
        ['Server', 'x'],
        ['Set-Cookie', 'a=1'],
        ['set-cookie', String.raw`b\t2`],
      ],
      headersTruncated: false,
    });
  });

  test('is bounded in number and size, and says when something was cut', () => {
    const many = Array.from({ length: 500 }, (_, at) => (at % 2 === 0 ? `X-${at}` : 'v'));
    expect(headerList(many)).toMatchObject({ headersTruncated: true });
    expect(headerList(many).headers).toHaveLength(RESPONSE_LIMITS.headers);
    expect(headerList(['X', 'v'.repeat(501)])).toEqual({
      headers: [['X', 'v'.repeat(500)]],
      headersTruncated: true,
    });
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 3000, unit: 'binary' })), (raw) => {
        const { headers } = headerList(raw);
        const size = headers.flat().reduce((sum, text) => sum + text.length, 0);
        expect(size).toBeLessThanOrEqual(RESPONSE_LIMITS.allHeaders);
        expect(HIDDEN.test(headers.flat().join(''))).toBe(false);
      }),
    );
  });
});

test('the status line has version, code and reason', () => {
  expect(statusLine('1.1', 200, 'OK')).toBe('HTTP/1.1 200 OK');
  expect(statusLine('1.0', 299, '')).toBe('HTTP/1.0 299');
  expect(statusLine('1.1', 404, 'a\u0000b')).toBe(String.raw`HTTP/1.1 404 a\x00b`);
});

test('a line shows what would break it', () => {
  expect(visible('a\nb\u2028c')).toBe(String.raw`a\nb\u2028c`);
});

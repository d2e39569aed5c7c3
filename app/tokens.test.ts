import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

/** Colours of app/globals.css that carry a meaning are visible in both themes (WCAG 1.4.11 and 1.4.3). */

const CSS = readFileSync('app/globals.css', 'utf8');
const THEMES = ['light', 'dark'] as const;
type Theme = (typeof THEMES)[number];
type Colour = readonly [red: number, green: number, blue: number, alpha: number];

/** A token's value in one theme. */
function token(name: string, theme: Theme): Colour {
  const [, value = ''] = new RegExp(`--color-${name}:\\s*([^;]+);`).exec(CSS) ?? [];
  const [, light, dark] = /^light-dark\((#\w+|rgb\([^)]*\)|\w+), (.+)\)$/.exec(value) ?? [];
  return parse((theme === 'light' ? light : dark) ?? value);
}

function parse(text: string): Colour {
  if (text === 'transparent') return [0, 0, 0, 0];
  const rgb = /^rgb\((\d+) (\d+) (\d+) \/ ([\d.]+)\)$/.exec(text);
  if (rgb) return [Number(rgb[1]), Number(rgb[2]), Number(rgb[3]), Number(rgb[4])];
  const hex = /^#(\w\w)(\w\w)(\w\w)$/.exec(text);
  if (!hex) throw new Error(`not a colour: ${text}`);
  return [parseInt(hex[1] ?? '', 16), parseInt(hex[2] ?? '', 16), parseInt(hex[3] ?? '', 16), 1];
}

/** `over` on top of an opaque colour. */
function blend(over: Colour, under: Colour): Colour {
  const mix = (at: 0 | 1 | 2) => over[at] * over[3] + under[at] * (1 - over[3]);
  return [mix(0), mix(1), mix(2), 1];
}

/** The contrast ratio of two opaque colours by WCAG 2.2. */
function contrast(a: Colour, b: Colour): number {
  const luminance = ([red, green, blue]: Colour) => {
    const [r = 0, g = 0, b_ = 0] = [red, green, blue].map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b_;
  };
  const [dark = 0, bright = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (bright + 0.05) / (dark + 0.05);
}

const SURFACES = ['bg', 'panel', 'raise', 'well'];
const SLOTS = ['none', '1', '2', '3', '4', '5', '6', '7', '8'];

test('computes contrast as WCAG does', () => {
  expect(contrast(parse('#000000'), parse('#ffffff'))).toBeCloseTo(21);
  expect(contrast(parse('#777777'), parse('#ffffff'))).toBeCloseTo(4.48, 2);
});

describe.each(THEMES)('%s theme', (theme) => {
  test.each(SLOTS)('slot colour %s, or its edge, has 3:1 on every surface', (slot) => {
    const fill = token(`slot-${slot}`, theme);
    const edge = blend(token('slot-edge', theme), fill);
    for (const surface of SURFACES) {
      const under = token(surface, theme);
      const best = Math.max(contrast(fill, under), contrast(edge, under));
      expect(best, surface).toBeGreaterThanOrEqual(3);
    }
  });

  test.each(SLOTS)('the letter on slot colour %s has 4.5:1', (slot) => {
    const ink = token(slot === '7' ? 'slot-ink-light' : 'slot-ink', theme);
    expect(contrast(ink, token(`slot-${slot}`, theme))).toBeGreaterThanOrEqual(4.5);
  });

  test.each(['ok-fill', 'warn-fill', 'bad-fill'])('%s has 3:1 on every surface', (name) => {
    for (const surface of SURFACES) {
      const ratio = contrast(token(name, theme), token(surface, theme));
      expect(ratio, surface).toBeGreaterThanOrEqual(3);
    }
  });

  test.each(['ink', 'dim', 'ok', 'warn', 'bad', 'accent'])('text in %s has 4.5:1', (name) => {
    for (const surface of SURFACES) {
      const ratio = contrast(token(name, theme), token(surface, theme));
      expect(ratio, surface).toBeGreaterThanOrEqual(4.5);
    }
  });
});

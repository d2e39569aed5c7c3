import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placeTip } from './tip-place';

const view = { width: 390, height: 800 };
const tip = { width: 280, height: 60 };

test.each([
  ['below', { left: 20, top: 100, width: 40, height: 20 }, { left: 20, top: 126 }],
  [
    'above at the lower edge',
    { left: 20, top: 770, width: 40, height: 20 },
    { left: 20, top: 704 },
  ],
  ['within the right edge', { left: 340, top: 100, width: 40, height: 20 }, { left: 102 }],
  ['within the left edge', { left: -20, top: 100, width: 40, height: 20 }, { left: 8 }],
])('is %s', (_, anchor, place) => {
  expect(placeTip(anchor, tip, view)).toMatchObject(place);
});

test('never covers what it explains, and stays in the window', () => {
  const px = (max: number) => fc.integer({ min: 0, max });
  fc.assert(
    fc.property(
      fc.record({ left: px(380), top: px(780), width: px(200), height: px(40) }),
      fc.record({ width: px(374), height: px(2000) }),
      (anchor, size) => {
        const { left, top, maxHeight } = placeTip(anchor, size, view);
        const bottom = top + Math.min(size.height, maxHeight);
        expect(bottom <= anchor.top || top >= anchor.top + anchor.height).toBe(true);
        expect(left).toBeGreaterThanOrEqual(8);
        expect(left + size.width).toBeLessThanOrEqual(390);
        expect(Math.min(size.height, maxHeight) === 0 || (top >= 0 && bottom <= 800)).toBe(true);
      },
    ),
  );
});

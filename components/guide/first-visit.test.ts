import { expect, test } from 'vitest';
import { whenToShow } from './first-visit';

/** A page that has an element for each of these selectors. */
const page =
  (...elements: string[]) =>
  (selector: string) =>
    selector.split(', ').some((one) => elements.includes(one));

test.each(['dialog[open]', '[role="dialog"]', '[data-paused]', '[data-update$="paused"]'])(
  'the call-outs wait while the page has %s',
  (element) => {
    expect(whenToShow(page(element))).toBe('later');
    expect(whenToShow(page())).toBe('now');
  },
);

test('they do not come once somebody has made a change', () => {
  expect(whenToShow(page('[data-outcome]'))).toBe('never');
  expect(whenToShow(page('[data-outcome]', '[data-paused]'))).toBe('never');
});

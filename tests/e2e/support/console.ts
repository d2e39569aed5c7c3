import { test as base, expect } from '@playwright/test';

export { expect };

interface ConsoleFixtures {
  /** Messages in the browser's console that this test causes on purpose. */
  allowedErrors: RegExp[];
}

/** Tests of the page: an error in the console or a thrown one fails the test. */
export const test = base.extend<ConsoleFixtures>({
  allowedErrors: [[], { option: true }],

  page: async ({ page, allowedErrors }, use) => {
    const errors: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    page.on('pageerror', (error) => errors.push(error.message));
    await use(page);
    expect(errors.filter((text) => !allowedErrors.some((allowed) => allowed.test(text)))).toEqual(
      [],
    );
  },
});

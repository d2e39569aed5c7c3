import { test as base, expect } from '@playwright/test';

export { expect };

interface ConsoleFixtures {
  /** Messages in the browser's console that this test causes on purpose. */
  allowedErrors: RegExp[];
  /** Whether the page shows the call-outs of a first visit. */
  firstVisit: boolean;
}

/** The menu of faults asks for its state with every view: on a busy machine one request can be refused, and the next is shown. */
const REFUSED_STATE = /status of 503 .* \/api\/demo$/;

/** Tests of the page: an error in the console or a thrown one fails the test. */
export const test = base.extend<ConsoleFixtures>({
  allowedErrors: [[], { option: true }],
  firstVisit: [false, { option: true }],

  context: async ({ context, firstVisit }, use) => {
    if (!firstVisit) {
      await context.addInitScript(() => {
        try {
          localStorage.setItem('clusterhat.guide', 'shown');
        } catch {
          // A page without storage, such as about:blank.
        }
      });
    }
    await use(context);
  },

  page: async ({ page, allowedErrors }, use) => {
    const errors: string[] = [];
    page.on('console', (message) => {
      if (message.type() !== 'error') return;
      // A failed request is named by its address alone.
      const { url } = message.location();
      errors.push(`${message.text()} ${new URL(url || 'about:blank').pathname}`);
    });
    page.on('pageerror', (error) => errors.push(error.message));
    await use(page);
    const allowed = [...allowedErrors, REFUSED_STATE];
    expect(errors.filter((text) => !allowed.some((one) => one.test(text)))).toEqual([]);
  },
});

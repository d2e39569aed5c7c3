import { expect, type Page } from '@playwright/test';

/** A dashboard on the network with both passwords. */
export const OPERATOR = 'four zeros';
export const GUEST = 'a class of thirty';
export const PASSWORDS = {
  HOSTNAME: '0.0.0.0',
  DASHBOARD_PASSWORD: OPERATOR,
  DASHBOARD_GUEST_PASSWORD: GUEST,
};

/** Chromium's console messages about refused requests and a restarting server. */
// One expression: Playwright takes an array with an object in second place for a value and its options.
export const REFUSALS = [/status of 40[13]|ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED/];

/** Fills in the one password field that is shown, and sends it. */
export async function givePassword(page: Page, password: string): Promise<void> {
  await page.getByLabel('Password').fill(password);
  await page.getByLabel('Password').press('Enter');
}

/** Signs in from the header of the page. */
export async function signIn(page: Page, password: string): Promise<void> {
  const banner = page.getByRole('banner');
  await banner.getByRole('button', { name: 'Sign in' }).click();
  await givePassword(page, password);
  await expect(banner.getByRole('button', { name: 'Sign out' })).toBeVisible();
}

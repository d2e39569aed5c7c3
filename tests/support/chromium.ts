import { existsSync } from 'node:fs';

const HEADLESS = '/usr/bin/chromium-headless-shell';

/**
 * The browser of every test: Debian's Chromium without windows, which needs half the processor time of the
 * one with them. The environment variable CHROMIUM names another.
 */
export const CHROMIUM =
  process.env.CHROMIUM ?? (existsSync(HEADLESS) ? HEADLESS : '/usr/bin/chromium');

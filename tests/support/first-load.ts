import { gzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';

/** Bytes that a browser loads before the page is usable, compressed as the server sends them. */
export interface FirstLoad {
  html: number;
  /** The scripts that the HTML names, by path. */
  scripts: Map<string, number>;
  /** All scripts together. */
  javascript: number;
}

/** Limits in bytes; reasons in docs/decisions/002-dependencies.md. */
export const SIZE_LIMITS = { firstLoad: 150_000, untouched: 210_000 } as const;

/** The level that Next's server compresses with. */
const LEVEL = { level: 6 };

/**
 * Measures the page at `url`: the scripts that its HTML names, without those for browsers that support
 * no modules. What the page imports later, after the first paint, is not among them.
 */
export async function firstLoad(url: string): Promise<FirstLoad> {
  const html = await text(url);
  const sources = [...html.matchAll(/<script\b[^>]*\ssrc="([^"]+)"[^>]*>/g)]
    .filter(([tag]) => !/\snomodule\b/i.test(tag))
    .map(([, source = '']) => source);
  const scripts = new Map<string, number>();
  for (const source of new Set(sources)) {
    const address = new URL(source.replaceAll('&amp;', '&'), url);
    const code = await text(address.href);
    scripts.set(address.pathname + address.search, gzipSync(code, LEVEL).length);
  }
  return { html: gzipSync(html, LEVEL).length, scripts, javascript: totalSize(scripts) };
}

/** Loading is complete after this time without scripts (ms): longer than the delay of the lower parts. */
const QUIET = 3000;

/**
 * Opens the page at `url` and measures all JavaScript that the browser receives without
 * interaction (bytes, compressed), until the lower parts are loaded and requests stop.
 */
export async function untouchedLoad(page: Page, url: string): Promise<Map<string, number>> {
  await page.goto(url);
  const scripts = await page.waitForFunction((quiet) => {
    const resources = performance
      .getEntriesByType('resource')
      .filter((entry): entry is PerformanceResourceTiming => /\.js(\?|$)/.test(entry.name));
    const last = Math.max(...resources.map(({ responseEnd }) => responseEnd));
    const loading = document.querySelector('[aria-busy="true"]') !== null;
    if (loading || performance.now() - last < quiet) return null;
    // An entry from the browser's cache was not transferred again.
    const received = resources.filter(({ transferSize }) => transferSize > 0);
    return received.map(({ name, encodedBodySize }) => [name, encodedBodySize] as const);
  }, QUIET);
  return new Map(await scripts.jsonValue());
}

/** All sizes together. */
export function totalSize(sizes: ReadonlyMap<string, number>): number {
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}

async function text(url: string): Promise<string> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.text();
}

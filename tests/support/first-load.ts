import { gzipSync } from 'node:zlib';

/** What a browser fetches before the page can be used, compressed as the server sends it (bytes). */
export interface FirstLoad {
  html: number;
  /** The scripts that the HTML names, by path. */
  scripts: Map<string, number>;
  /** All scripts together. */
  javascript: number;
}

/** The level that Next's server compresses with. */
const LEVEL = { level: 6 };

/**
 * Measures the page at `url`: the scripts that its HTML names, without those for browsers that know
 * no modules. What the page imports later, after the first paint, is not among them.
 */
export async function firstLoad(url: string): Promise<FirstLoad> {
  const html = await text(url);
  const sources = [...html.matchAll(/<script\b[^>]*\ssrc="([^"]+)"[^>]*>/g)]
    .filter(([tag]) => !/\snomodule\b/i.test(tag))
    .map(([, source = '']) => source);
  const scripts = new Map<string, number>();
  for (const source of new Set(sources)) {
    const code = await text(new URL(source.replaceAll('&amp;', '&'), url).href);
    scripts.set(source, gzipSync(code, LEVEL).length);
  }
  const javascript = [...scripts.values()].reduce((sum, size) => sum + size, 0);
  return { html: gzipSync(html, LEVEL).length, scripts, javascript };
}

async function text(url: string): Promise<string> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.text();
}

// Draws the png icons in public/ from public/icon.svg with the system's Chromium: node scripts/icons.mjs
import { readFileSync, writeFileSync } from 'node:fs';
import { chromium } from '@playwright/test';

/** The board's green, which fills an icon that the system cuts to its own shape. */
const BOARD = '#155740';

/**
 * Files, their width in px, and how much of it the drawing has. Systems cut a maskable icon to a shape that
 * contains at least the inner circle of 80 % (W3C, Web Application Manifest); iOS rounds the corners.
 * @type {readonly { file: string, size: number, share: number, ground: string | null }[]}
 */
const ICONS = [
  { file: 'icon-192.png', size: 192, share: 1, ground: null },
  { file: 'icon-512.png', size: 512, share: 1, ground: null },
  { file: 'icon-maskable.png', size: 512, share: 0.7, ground: BOARD },
  { file: 'apple-touch-icon.png', size: 180, share: 0.84, ground: BOARD },
];

const svg = readFileSync('public/icon.svg').toString('base64');
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell',
  args: ['--no-sandbox', '--disable-gpu'],
});
for (const { file, size, share, ground } of ICONS) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  const width = Math.round(size * share);
  await page.setContent(
    `<body style="margin:0;height:100vh;display:grid;place-items:center;background:${ground ?? 'transparent'}">
     <img width="${width}" height="${width}" src="data:image/svg+xml;base64,${svg}">`,
  );
  await page.locator('img').evaluate((image) => /** @type {HTMLImageElement} */ (image).decode());
  writeFileSync(`public/${file}`, await page.screenshot({ omitBackground: true }));
  await page.close();
}
await browser.close();

#!/usr/bin/env node
// Plain JavaScript that old versions of Node.js can read, so that they are refused with a sentence.
import { refuseOldNode } from './node-version.mjs';

refuseOldNode();
/** @type {typeof import('./main')} Bundled beside this file by the build. */
const { main } = await import(new URL('main.mjs', import.meta.url).href);
await main();

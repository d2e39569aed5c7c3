// `npm start`: starts the dashboard from a fresh clone. Installs and builds what is missing, then
// runs the release's own command, so that a clone and an installed release behave alike.
import { pathToFileURL } from 'node:url';
import { ensureBuilt, ensureCommandBuilt, PACKAGE } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';

ensureInstalled();
await ensureCommandBuilt();
/** @type {typeof import('../bin/main')} */
const command = await import(pathToFileURL(`${PACKAGE}/bin/main.mjs`).href);
await command.main({ command: 'npm start --', prepare: ensureBuilt });

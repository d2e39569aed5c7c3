// `npm run build`: installs what is missing and builds the dashboard and the demo when their sources have changed.
import { ensureBuilt } from './lib/build.mjs';
import { ensureDemoBuilt } from './lib/engine.mjs';
import { ensureInstalled } from './lib/install.mjs';

ensureInstalled();
ensureBuilt();
ensureDemoBuilt();

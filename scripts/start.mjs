// `npm start`: from a fresh clone to a dashboard that answers.
import { createServer } from 'node:net';
import { ensureBuilt } from './lib/build.mjs';
import { chooseEngine } from './lib/engine.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { serve } from './lib/serve.mjs';

/** @param {string} message @returns {never} */
function fail(message) {
  console.error(`clusterhat: ${message}`);
  process.exit(2);
}

/** @param {string} host @param {number} port @returns {Promise<void>} resolves when nobody listens there */
function portIsFree(host, port) {
  return new Promise((done, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(port, host, () => probe.close(() => done()));
  });
}

const host = process.env.HOST || '127.0.0.1';
const port = Number(process.env.PORT || 3000);
if (!Number.isInteger(port) || port < 1 || port > 65_535) {
  fail(`PORT is ${process.env.PORT}: it has to be a number from 1 to 65535.`);
}
await portIsFree(host, port).catch((/** @type {NodeJS.ErrnoException} */ error) =>
  fail(
    error.code === 'EADDRINUSE'
      ? `port ${port} is already in use. Choose another: PORT=3001 npm start`
      : `cannot listen on ${host}:${port}: ${error.message}`,
  ),
);

ensureInstalled();
ensureBuilt();

const { dockerHost, words } = await chooseEngine();
const shown = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
const up = serve({ ...process.env, HOSTNAME: host, PORT: String(port), DOCKER_HOST: dockerHost });
// An address is said when there is something to see at it.
const [lines] = await Promise.all([words, up(shown)]);
console.log(`\nclusterhat: http://${shown.includes(':') ? `[${shown}]` : shown}:${port}`);
for (const line of lines) console.log(`  ${line}`);
console.log('');

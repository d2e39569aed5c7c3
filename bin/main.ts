import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import * as z from 'zod/mini';
import { parseSettings } from '@/lib/settings';
import { shell } from '@/lib/swarm/shell';
import { reachableHost, listenUrl, whyNotListen } from '../server/listen';
import { serve, untilAnswering } from '../server/serve';
import { accessLine } from './access';
import { startDemo } from './demo';
import { chooseEngine } from './engine';
import { parseOptions, usage, OptionsError, type Options } from './options';

/** Places in the release, from its `bin` folder, where this module is bundled to. */
const SERVER = new URL('../server/server.cjs', import.meta.url);
const DEMO = new URL('../demo/demo.mjs', import.meta.url);
const PACKAGE_JSON = new URL('../package.json', import.meta.url);

/** How the command was started. */
export interface Invocation {
  /** The command that the user typed, for hints: `clusterhat`, or `npm start --` in a clone. */
  command?: string;
  /** Builds what is missing, after options and port are checked. */
  prepare?: () => Promise<void>;
}

/**
 * `clusterhat`: serves the dashboard until it is stopped. A wrong option or setting and a port that is
 * taken end the process with one sentence and exit code 2.
 */
export async function main({ command = 'clusterhat', prepare }: Invocation = {}): Promise<void> {
  endWithReader();
  endWithNpm();
  try {
    const options = parseOptions(process.argv.slice(2), process.env);
    if (options === 'help') console.log(usage(command));
    else if (options === 'version') console.log(version());
    else await run(options, command, prepare);
  } catch (error) {
    if (!(error instanceof OptionsError)) throw error;
    console.error(`clusterhat: ${error.message}`);
    process.exit(2);
  }
}

async function run(
  { demo: demoAsked, host, port }: Options,
  command: string,
  prepare: Invocation['prepare'],
): Promise<void> {
  const environment = withAbsolutePaths({
    ...process.env,
    HOSTNAME: host,
    PORT: String(port),
    // npm takes options for itself up to a --; the page's commands have none.
    CLUSTERHAT_COMMAND: command.replace(/ --$/, ''),
  });
  const settings = checked(() =>
    parseSettings(demoAsked ? { ...environment, DOCKER_HOST: 'unix://' } : environment),
  );
  const reason = await whyNotListen(host, port);
  if (reason) throw new OptionsError(reason);
  await prepare?.();

  const choice = demoAsked
    ? { kind: 'demo' as const, report: ['the demo swarm'] }
    : await chooseEngine(environment, command);
  const demo = choice.kind === 'demo' ? checked(() => startDemo(DEMO)) : null;
  const engine = demo
    ? // The history of a real swarm would be put aside for the demo's.
      { DOCKER_HOST: demo.dockerHost, DASHBOARD_STATE: '' }
    : 'environment' in choice && choice.environment;
  serve(SERVER, { ...environment, ...engine });

  await untilAnswering(reachableHost(host), port);
  console.log(`\nclusterhat ${version()}: ${listenUrl(host, port)}`);
  if (reachableHost(host) !== host) console.log(`  from elsewhere: http://${hostname()}:${port}`);
  const lines = await choice.report;
  for (const line of lines) console.log(`  ${line}`);
  if (demo)
    for (const line of demoLines(demo.dockerHost, await demo.entryAddress))
      console.log(`  ${line}`);
  const access = accessLine(settings);
  if (access) console.log(`  ${access}`);
  console.log('');
}

function demoLines(dockerHost: string, entryAddress: string): string[] {
  return [
    `in a second terminal: ${shell`curl ${`http://${entryAddress}:8888/Hello!`}`}`,
    `                      ${shell`export DOCKER_HOST=${dockerHost}; docker node ls`}`,
  ];
}

/** Exits quietly when the reader of its output has gone, as in `clusterhat | head`. */
function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) =>
    process.exit(error.code === 'EPIPE' ? 0 : 1),
  );
}

/** How often the process checks that npm's shell is still its parent (ms). */
const PARENT_MS = 500;

/** npm passes signals only to its shell, which exits: then this process must end too. */
function endWithNpm(): void {
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, PARENT_MS);
  timer.unref();
}

/** Variables that hold a path: Next's server changes its working directory before it reads them. */
const PATH_VARIABLES = [
  'DASHBOARD_PASSWORD_FILE',
  'DASHBOARD_GUEST_PASSWORD_FILE',
  'DASHBOARD_TOKEN_FILE',
  'DASHBOARD_READ_TOKEN_FILE',
  'DOCKER_CERT_PATH',
  'DOCKER_CONFIG',
];

function withAbsolutePaths<T extends Record<string, string | undefined>>(environment: T): T {
  const paths = PATH_VARIABLES.flatMap((name) => {
    const path = environment[name];
    return path ? [[name, resolve(path)]] : [];
  });
  return { ...environment, ...Object.fromEntries(paths) };
}

/** Returns `read()`; an error is reported as an invalid environment. */
function checked<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new OptionsError((error as Error).message, { cause: error });
  }
}

function version(): string {
  const json: unknown = JSON.parse(readFileSync(PACKAGE_JSON, 'utf8'));
  return z.object({ version: z.string() }).parse(json).version;
}

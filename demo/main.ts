import { parseArgs } from 'node:util';
import * as z from 'zod/mini';
import { startDemo } from './demo';
import { NEWEST, releaseOf, RELEASES } from './release';
import { demoSocketPath } from './socket-path';

const USAGE = `usage: demo [--socket PATH] [--seed N] [--speed X] [--replicas N] [--api V]

  --socket    the engine's socket (DEMO_SOCKET)
  --seed      seed of the random numbers (DEMO_SEED, 1)
  --speed     how much faster than a real swarm (DEMO_SPEED, 1)
  --replicas  replicas of goweb at the start (DEMO_REPLICAS, 3)
  --api       the engine's API version, ${RELEASES[0]?.api} to ${NEWEST.api} (DEMO_API, ${NEWEST.api})
  --stdin     exit when standard input ends, as it does when the parent process exits
`;

const number = (least: number, most: number) =>
  z.coerce.number().check(z.minimum(least), z.maximum(most));

const optionsSchema = z.object({
  // A socket's path may have about a hundred characters.
  socketPath: z.string().check(z.minLength(1), z.maxLength(92)),
  seed: number(0, 2 ** 32 - 1),
  speed: number(0.01, 1000),
  replicas: z.coerce.number().check(z.int(), z.minimum(0), z.maximum(100)),
  api: z.string().check(z.refine((api) => releaseOf(api) !== undefined)),
});

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      socket: { type: 'string' },
      seed: { type: 'string' },
      speed: { type: 'string' },
      replicas: { type: 'string' },
      api: { type: 'string' },
      stdin: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const { env } = process;
  const options = z.safeParse(optionsSchema, {
    socketPath: values.socket ?? (env['DEMO_SOCKET'] || demoSocketPath(env, process.pid)),
    seed: values.seed ?? (env['DEMO_SEED'] || 1),
    speed: values.speed ?? (env['DEMO_SPEED'] || 1),
    replicas: values.replicas ?? (env['DEMO_REPLICAS'] || 3),
    api: values.api ?? (env['DEMO_API'] || NEWEST.api),
  });
  if (!options.success) {
    const [issue] = options.error.issues;
    const name = issue?.path[0] === 'socketPath' ? 'socket' : String(issue?.path[0]);
    throw new Error(`--${name} or DEMO_${name.toUpperCase()} has an invalid value.`);
  }
  const demo = await startDemo(options.data);
  process.stdout.write(`DOCKER_HOST=${demo.dockerHost}\n`);
  process.stdout.write(`DEMO_CONTROL=${demo.controlSocket}\n`);
  process.stdout.write(`DEMO_ADDRESSES=${demo.addresses.join(',')}\n`);
  await new Promise((done) => {
    process.once('SIGTERM', done);
    // A terminal sends Ctrl-C to all its processes; with --stdin the parent decides when this one ends.
    process.on('SIGINT', values.stdin ? () => {} : done);
    if (values.stdin) process.stdin.resume().once('end', done);
  });
  await demo.close();
  return 0;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  },
);

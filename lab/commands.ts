import { type Command, nodeArgument, runCommand, UsageError, usageOf } from './arguments';
import { DASHBOARD_IMAGE, pushDashboard } from './dashboard-image';
import { dockerOn } from './docker';
import { down } from './down';
import { createEcho, ECHO_IMAGE, ECHO_PLATFORM, push, pushEcho } from './echo';
import { chooseEngines, ENGINES, type EngineName, isEngineName } from './engine-programs';
import {
  breakLink,
  killNode,
  mendLink,
  reset,
  restartNode,
  spareDown,
  spareUp,
  stopNode,
} from './faults';
import type { NodeName } from './layout';
import { locked } from './lock';
import { requireMachine } from './packages';
import { isUp, type LabState, requireUp } from './state';
import { env, status } from './status';
import { up } from './up';

/** A command that changes one node while it holds the lock. */
function nodeCommand(
  name: string,
  description: string,
  change: (state: LabState, node: NodeName) => Promise<void>,
): Command {
  return {
    usage: ['NODE', description],
    maxArguments: 1,
    run(args) {
      const node = nodeArgument(name, args);
      return locked(() => change(requireUp(), node));
    },
  };
}

/** The value of an option that names an engine. */
function engineOption(options: ReadonlyMap<string, string>, name: string): EngineName | undefined {
  const word = options.get(name);
  if (word === undefined || isEngineName(word)) return word;
  throw new UsageError(`no engine is called "${word}"; there are ${ENGINES.join(', ')}`);
}

const COMMANDS: Record<string, Command> = {
  up: {
    usage: [
      '[OPTIONS]',
      'bring up five engines in one swarm',
      '--install: add missing Debian packages',
      `--engine E: the manager's engine, one of ${ENGINES.join(' ')}: this machine's`,
      "own (the default), that of a Debian suite, or Debian's newest",
      "--workers E: the workers' engine; by default own, or the manager's if that is older",
    ],
    options: ['install'],
    valueOptions: ['engine', 'workers'],
    async run(_, options) {
      const manager = engineOption(options, 'engine') ?? 'own';
      const workers = engineOption(options, 'workers');
      await requireMachine({ install: options.has('install') });
      await locked(() => up(() => chooseEngines(manager, workers)));
    },
  },
  down: {
    usage: ['', 'remove the lab completely'],
    async run() {
      await requireMachine({ install: false });
      console.error((await locked(down)) ? 'lab: down' : 'lab: there was nothing to take down');
    },
  },
  status: {
    usage: ['', 'list what is running; exit 1 unless the lab is up'],
    async run() {
      console.log(await status());
      return isUp() ? 0 : 1;
    },
  },
  env: {
    usage: ['', 'print shell assignments: eval "$(npm run -s lab -- env)"'],
    async run() {
      console.log(env(requireUp()));
    },
  },
  docker: {
    usage: ['NODE ...', "run a docker command on a node's engine"],
    passThrough: true,
    run(args) {
      const node = nodeArgument('docker', args);
      requireUp();
      return dockerOn(node, args.slice(1));
    },
  },
  echo: {
    usage: [
      '[--no-create]',
      'build Dockerfile.echo.arm, push carmeloc/goweb:1.0, create the service goweb',
    ],
    options: ['no-create'],
    run: (_, options) =>
      locked(async () => {
        await pushEcho(requireUp(), ECHO_IMAGE, ECHO_PLATFORM);
        if (!options.has('no-create')) await createEcho();
      }),
  },
  dashboard: {
    usage: ['', `build Dockerfile.dashboard and push ${DASHBOARD_IMAGE}`],
    run: () => locked(() => pushDashboard(requireUp())),
  },
  image: {
    usage: [
      'NAME PLATFORM',
      'build the echo image for another platform and push it as NAME: linux/arm/v7 dies',
      'on a Zero (exit 132 with --init --env QEMU_CPU=arm1176), linux/s390x suits no node',
    ],
    maxArguments: 2,
    async run([name, platform]) {
      if (name === undefined || platform === undefined) {
        throw new UsageError(
          'image needs a name and a platform, such as carmeloc/goweb:amd64 linux/amd64',
        );
      }
      if (!/^linux\/[a-z0-9]+(\/v\d)?$/.test(platform)) {
        throw new UsageError(`"${platform}" is not a platform such as linux/amd64 or linux/arm/v7`);
      }
      await locked(() => pushEcho(requireUp(), name, platform));
    },
  },
  push: {
    usage: ['NAME', "push an image of ctrl's engine to the registry that every node pulls from"],
    maxArguments: 1,
    async run([name]) {
      if (name === undefined) throw new UsageError("push needs the name of ctrl's image");
      await locked(() => push(requireUp(), name));
    },
  },
  break: nodeCommand('break', "disconnect a node's network cable", breakLink),
  mend: nodeCommand('mend', 'reconnect it', mendLink),
  kill: nodeCommand('kill', "end a node's engine and tasks at once, as a power cut does", killNode),
  stop: nodeCommand('stop', "stop a node's engine as systemctl does", stopNode),
  start: nodeCommand('start', 'start it again', restartNode),
  reset: {
    usage: ['', 'remove all services; all nodes active, running and connected'],
    run: () => locked(() => reset(requireUp())),
  },
  spare: {
    usage: ['up|down', 'start or stop a sixth engine that is in no swarm'],
    maxArguments: 1,
    async run([action]) {
      if (action !== 'up' && action !== 'down') {
        throw new UsageError('spare needs one word: up or down');
      }
      await locked(() => (action === 'up' ? spareUp : spareDown)(requireUp()));
    },
  },
};

/** Runs a command line and returns its exit code. Throws a `LabFailure` with a message for the user. */
export async function main([name, ...args]: string[]): Promise<number> {
  const usage = usageOf(COMMANDS);
  if (name === 'help' || name === '--help') {
    console.log(usage);
    return 0;
  }
  try {
    if (name === undefined) throw new UsageError('which command?');
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (!command) throw new UsageError(`there is no command "${name}"`);
    return await runCommand(name, command, args);
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`${error.message}\n\n${usage}`);
    throw error;
  }
}

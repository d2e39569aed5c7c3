import { DASHBOARD_IMAGE, pushDashboard } from './dashboard-image';
import { dockerOn } from './docker';
import { down } from './down';
import { createEcho, ECHO_IMAGE, ECHO_PLATFORM, push, pushEcho } from './echo';
import { EXIT_USAGE, LabFailure } from './failure';
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
import { HAT, isNodeName, type NodeName, NODES } from './layout';
import { requireMachine } from './packages';
import { locked } from './lock';
import { isUp, requireUp } from './state';
import { env, status } from './status';
import { up } from './up';

const USAGE = `usage: npm run -s lab -- COMMAND

  up [--install]     bring up five engines in one swarm; --install adds the Debian packages it lacks
  down               take everything down again, leaving nothing
  status             what runs
  env                shell assignments: eval "$(npm run -s lab -- env)"
  docker NODE ...    any docker command against one node's engine
  echo [--no-create] build Dockerfile.echo.arm, push carmeloc/goweb:1.0, create the service goweb
  dashboard          build Dockerfile.dashboard and push ${DASHBOARD_IMAGE}
  image NAME PLATFORM  an image for another platform, pushed under NAME: linux/arm/v7 dies on a
                     Zero (exit 132 with --init --env QEMU_CPU=arm1176), linux/s390x suits no node
  push NAME          push an image of ctrl's engine, so that every node can pull it by that name
  break NODE         pull a node's plug
  mend NODE          put it back
  kill NODE          end a node's engine and its tasks at once, as a power cut
  stop NODE          stop a node's engine as systemctl does
  start NODE         start it again
  reset              no services, all nodes active, running and plugged in
  spare up|down      a sixth engine that is in no swarm

  NODE is one of ${HAT.join(' ')} (docker, kill and stop also take spare)`;

function usage(words: string): LabFailure {
  return new LabFailure(`${words}\n\n${USAGE}`, EXIT_USAGE);
}

function nodeFrom(args: readonly string[], command: string): NodeName {
  const [word] = args;
  if (word === undefined) throw usage(`${command} needs a node: one of ${HAT.join(', ')}`);
  if (!isNodeName(word)) throw usage(`no node is called "${word}"; there are ${NODES.join(', ')}`);
  return word;
}

function onlyArgs(args: readonly string[], command: string, ...allowed: string[]): void {
  const odd = args.find((arg) => !allowed.includes(arg));
  if (odd !== undefined) throw usage(`${command} does not know "${odd}"`);
}

/** A command that does one thing to one node, with the lab to itself. */
function onNode(
  command: string,
  args: readonly string[],
  work: (node: NodeName) => Promise<void>,
): Promise<number> {
  const node = nodeFrom(args, command);
  onlyArgs(args.slice(1), command);
  return locked(async () => {
    await work(node);
    return 0;
  });
}

/** Runs one command line and gives the exit code; a `LabFailure` is what the person is to be told. */
export async function main([command, ...args]: string[]): Promise<number> {
  switch (command) {
    case 'up':
      onlyArgs(args, command, '--install');
      requireMachine({ install: args.includes('--install') });
      await locked(up);
      return 0;
    case 'down':
      onlyArgs(args, command);
      requireMachine({ install: false });
      console.error((await locked(down)) ? 'lab: down' : 'lab: there was nothing to take down');
      return 0;
    case 'status':
      onlyArgs(args, command);
      console.log(await status());
      return isUp() ? 0 : 1;
    case 'env':
      onlyArgs(args, command);
      console.log(env(requireUp()));
      return 0;
    case 'docker': {
      const node = nodeFrom(args, command);
      requireUp();
      return dockerOn(node, args.slice(1));
    }
    case 'echo':
      onlyArgs(args, command, '--no-create');
      return locked(async () => {
        await pushEcho(requireUp(), ECHO_IMAGE, ECHO_PLATFORM);
        if (!args.includes('--no-create')) await createEcho();
        return 0;
      });
    case 'image': {
      const [name, platform] = args;
      if (name === undefined || platform === undefined || args.length > 2) {
        throw usage('image needs a name and a platform, such as carmeloc/goweb:amd64 linux/amd64');
      }
      if (!/^linux\/[a-z0-9]+(\/v\d)?$/.test(platform)) {
        throw usage(`"${platform}" is not a platform such as linux/amd64 or linux/arm/v7`);
      }
      await locked(() => pushEcho(requireUp(), name, platform));
      return 0;
    }
    case 'dashboard':
      onlyArgs(args, command);
      await locked(() => pushDashboard(requireUp()));
      return 0;
    case 'push': {
      const [name] = args;
      if (name === undefined || args.length > 1) throw usage("push needs the name of ctrl's image");
      await locked(() => push(requireUp(), name));
      return 0;
    }
    case 'break':
      return onNode(command, args, (node) => breakLink(requireUp(), node));
    case 'mend':
      return onNode(command, args, (node) => mendLink(requireUp(), node));
    case 'kill':
      return onNode(command, args, (node) => killNode(requireUp(), node));
    case 'stop':
      return onNode(command, args, (node) => stopNode(requireUp(), node));
    case 'start':
      return onNode(command, args, (node) => restartNode(requireUp(), node));
    case 'reset':
      onlyArgs(args, command);
      await locked(() => reset(requireUp()));
      return 0;
    case 'spare': {
      const [what] = args;
      if (args.length !== 1 || (what !== 'up' && what !== 'down')) {
        throw usage('spare needs one word: up or down');
      }
      await locked(() => (what === 'up' ? spareUp : spareDown)(requireUp()));
      return 0;
    }
    case 'help':
    case '--help':
      console.log(USAGE);
      return 0;
    case undefined:
      throw usage('which command?');
    default:
      throw usage(`there is no command "${command}"`);
  }
}

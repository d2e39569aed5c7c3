import { INSTALL_VXLAN, LOAD_MODULES, MEMORY_ACCOUNTING } from './cures';
import {
  buildAdvice,
  isArmv6,
  PLATFORM_HELP,
  platformLimit,
  seemsFor,
  type NodePlatform,
  type PlatformContext,
} from './platforms';
import type { TaskState } from './task-state';
import type { HelpId } from './troubleshooting';
import { counted, inSentence } from './words';

/** What a hint is made from. */
export interface HintInput {
  state: TaskState;
  error: string;
  exitCode: number | null;
  /** The node that the task is or was on. */
  node: NodePlatform | null;
  /** What the task's image is made for, and the nodes that take tasks. */
  platforms: PlatformContext;
}

/** A sentence in plain words, and the row of the troubleshooting table that has more. */
export interface Hint {
  text: string;
  help: HelpId;
}

interface Rule {
  pattern: RegExp;
  help: HelpId;
  /** `match` is the pattern's. A rule that links to another row returns a whole hint. */
  say: (input: HintInput, match: RegExpMatchArray) => string | Hint;
}

const nodes = (match: RegExpMatchArray, verb?: string) =>
  counted(inSentence(match[1] ?? ''), 'node', verb);
const nodeName = ({ node }: HintInput) => (node ? inSentence(node.name) : 'the node');
const nodeWords = (input: HintInput) =>
  input.node?.arch ? `${nodeName(input)} (${inSentence(input.node.arch)})` : 'The node';

/**
 * Reasons for which swarmkit's scheduler finds no node (swarmkit manager/scheduler/filter.go,
 * `Explain`); several can stand in one message.
 */
const WAITING: readonly Rule[] = [
  {
    pattern: /unsupported platform on (\d+) nodes?/,
    help: 'image-other-processor',
    // The record and the nodes can have changed since swarm wrote its reason: then no names.
    say: ({ platforms }, match) =>
      platformLimit(platforms, true) ??
      `${nodes(match)} cannot run this image: it is built for another CPU. ${buildAdvice(platforms.nodes)}.`,
  },
  {
    pattern: /max replicas per node limit exceed/,
    help: 'max-replicas-per-node',
    say: () =>
      'Each node already runs as many replicas of this service as its limit allows. Add a node, scale down, or raise --replicas-max-per-node.',
  },
  {
    pattern: /scheduling constraints not satisfied on (\d+) nodes?/,
    help: 'constraints',
    say: (_, match) =>
      `The service's placement constraints rule out ${nodes(match)}. Look at its --constraint options and the nodes' labels.`,
  },
  {
    pattern: /insufficient resources on (\d+) nodes?/,
    help: 'resources',
    say: (_, match) =>
      `${nodes(match, 'have')} less free memory or CPU than the service reserves. Lower --reserve-memory or --reserve-cpu.`,
  },
  {
    pattern: /host-mode port already in use on (\d+) nodes?/,
    help: 'host-port',
    say: (_, match) =>
      `The port is already taken on ${nodes(match)}: mode=host allows one task per node and port. Choose another port or use the routing mesh.`,
  },
  {
    pattern: /missing plugin on (\d+) nodes?/,
    help: 'missing-plugin',
    say: (_, match) =>
      `${nodes(match, 'lack')} a network, volume or log plugin that the service requires.`,
  },
  {
    pattern: /(\d+) nodes? not available for new tasks/,
    help: 'nodes-unavailable',
    say: (_, match) => `${nodes(match, 'take')} no new tasks: drained, paused or down.`,
  },
];

/** Errors of a task that broke, the telling ones first. */
const BROKEN: readonly Rule[] = [
  {
    // Go's words on a process that a signal ended: runc or containerd's shim, not the task's program.
    pattern: /signal: illegal instruction/i,
    help: 'docker-illegal-instruction',
    say: (input) =>
      `A part of Docker on ${nodeName(input)} is not built for its processor. Install there the versions that step 5 of docs/install.md names.`,
  },
  {
    // `wanted …, actual: …` and the newer `its platform (…) does not match`; moby daemon/images.
    pattern:
      /exec format error|no matching manifest|does not (match|provide) the specified platform/i,
    help: 'wrong-processor',
    say: wrongProcessor,
  },
  {
    pattern: /x509: certificate has expired|certificate is not yet valid/i,
    help: 'certificate',
    say: (input) =>
      `A certificate has expired, or the clock is wrong: compare \`date\` on ${nodeName(input)} with a watch.`,
  },
  {
    pattern:
      /No such image|manifest unknown|repository does not exist|pull access denied|manifest for .* not found/i,
    help: 'image-missing',
    say: (input) =>
      `${nodeWords(input)} could not get the image. Check the name and tag, that it was pushed to a registry this node can reach, and that it has a build for this processor.`,
  },
  {
    pattern: /creating vxlan interface: (operation )?not supported/i,
    help: 'vxlan-missing',
    say: (input) =>
      `The kernel of ${nodeName(input)} has no vxlan module, which every overlay network needs. Load it there: ${LOAD_MODULES}. On Ubuntu 21.10 to 23.10 first ${INSTALL_VXLAN}.`,
  },
  {
    pattern: /creating vxlan interface: file exists/i,
    help: 'vxlan-leftover',
    say: (input) =>
      `An overlay network of before has left its interface behind. On ${nodeName(input)}: \`sudo systemctl restart docker\`.`,
  },
  {
    // modprobe's message, and those of libnetwork's ipvs package; not any name with `ipvs` in it.
    pattern:
      /modprobe\b.*\bip_vs\b|\bipvs (family|handle|is not enabled)|\bipvs\b.*(not supported|protocol not available)/i,
    help: 'ipvs-missing',
    say: (input) =>
      `The kernel of ${nodeName(input)} has no ip_vs module, by which the routing mesh balances. Load it there: ${LOAD_MODULES}.`,
  },
  {
    pattern: /kernel does not support memory limit|memory cgroup.*(not mounted|missing|disabled)/i,
    help: 'memory-limit',
    say: (input) =>
      `Memory accounting is off on ${nodeName(input)}, so it takes no memory limit. Add ${MEMORY_ACCOUNTING} to its kernel's command line.`,
  },
  {
    pattern: /port is already allocated|address already in use/i,
    help: 'port-taken',
    say: () =>
      'Something else on that node already uses the port. Free it, or publish the service on another one.',
  },
  {
    pattern: /executable file not found|no such file or directory: unknown/i,
    help: 'command-missing',
    say: () => 'The image has no such command. Check its ENTRYPOINT and CMD.',
  },
  {
    pattern: /unhealthy container/i,
    help: 'unhealthy',
    say: () => "The image's own health check failed, so swarm replaced the task.",
  },
  {
    pattern: /invalid mount config|bind source path does not exist/i,
    help: 'mount-missing',
    say: () => 'A path that the service mounts does not exist on that node.',
  },
  {
    pattern: /no space left on device/i,
    help: 'disk-full',
    say: () => "The node's SD card is full. `docker system prune` on it frees what is unused.",
  },
];

/** Exit codes with a general meaning: 128 + signal, and the shell's own. */
const EXIT: Readonly<Record<number, { help: HelpId; say: (input: HintInput) => string }>> = {
  1: {
    help: 'program-error',
    say: () => 'The program itself ended with an error: its output is in `docker service logs`.',
  },
  125: { help: 'docker-run-failed', say: () => 'Docker itself could not run it.' },
  126: {
    help: 'command-not-executable',
    say: () => 'The command in the image cannot be executed.',
  },
  127: { help: 'command-missing', say: () => 'The command is not in the image.' },
  132: {
    help: 'illegal-instruction',
    say: (input) =>
      newerArm(input, 'Illegal instruction') ??
      `Illegal instruction: ${nodeWords(input)} does not have what the image is built for. ${buildAdvice(input.platforms.nodes)}.`,
  },
  134: { help: 'aborted', say: () => 'The program aborted itself.' },
  137: {
    help: 'killed',
    say: () => 'It was killed from outside: `docker kill`, or the node ran out of memory.',
  },
  139: {
    help: 'segmentation-fault',
    say: (input) =>
      newerArm(input, 'It crashed (segmentation fault)') ??
      'It crashed (segmentation fault): `docker service logs` may tell more.',
  },
  143: {
    help: 'terminated',
    say: () => 'It was asked to stop (SIGTERM) by something other than swarm.',
  },
};

function wrongProcessor(input: HintInput): string {
  const { node, platforms, error } = input;
  const made = node && seemsFor(platforms.image, node, error);
  const advice = `${buildAdvice(platforms.nodes)}.`;
  if (!made) {
    return `${nodeWords(input)} cannot run this image: it has no build for this processor. ${advice}`;
  }
  const seems = `this image, which seems to be for ${made.words}`;
  if (!made.usuallyRuns) return `${nodeWords(input)} cannot run ${seems}. ${advice}`;
  return `${nodeWords(input)} did not run ${seems}. Most 64-bit systems run 32-bit programs too; a Pi 5 with its default kernel does not. ${advice}`;
}

/** What ARMv7 code does on an ARMv6 node; swarm cannot tell the two apart, so it ends up there. */
function newerArm(input: HintInput, what: string): string | null {
  const { node, platforms } = input;
  if (!node || !isArmv6(node)) return null;
  return `${what}: ${nodeName(input)} is ${inSentence(node.arch)} (a Pi Zero is ARMv6), and the image seems to be for a newer ARM, such as ARMv7. ${buildAdvice(platforms.nodes)}.`;
}

function matching(rules: readonly Rule[], input: HintInput): Hint[] {
  return rules.flatMap(({ pattern, help, say }) => {
    const match = input.error.match(pattern);
    if (!match) return [];
    const said = say(input, match);
    return [typeof said === 'string' ? { text: said, help } : said];
  });
}

/**
 * What a task's error means in plain words and what to do about it, or null when there is nothing
 * to add to the engine's own message. A task that waits can have several reasons: all are given,
 * and the first is linked.
 */
export function hintFor(input: HintInput): Hint | null {
  const [first, ...more] = matching(WAITING, input);
  if (first) return { ...first, text: [first, ...more].map(({ text }) => text).join(' ') };
  const broken = matching(BROKEN, input)[0];
  if (broken) return broken;
  const exit = input.state === 'failed' && EXIT[input.exitCode ?? Number.NaN];
  return exit ? { text: exit.say(input), help: exit.help } : null;
}

/** Every row that a hint can lead to, for the test that none is missing. */
export const HINT_HELP: readonly HelpId[] = [
  ...[...WAITING, ...BROKEN].map(({ help }) => help),
  ...Object.values(EXIT).map(({ help }) => help),
  ...PLATFORM_HELP,
];

import type { TaskState } from './task-state';

/** What a hint is made from. */
export interface HintInput {
  state: TaskState;
  error: string;
  exitCode: number | null;
}

type Rule = [pattern: RegExp, say: (match: RegExpMatchArray) => string];

const nodes = (count: string | undefined) => (count === '1' ? '1 node' : `${count} nodes`);

/**
 * Reasons for which swarmkit's scheduler finds no node (swarmkit manager/scheduler/filter.go,
 * `Explain`); several can stand in one message.
 */
const WAITING: Rule[] = [
  [
    /unsupported platform on (\d+) nodes?/,
    (m) =>
      `The image is built for another kind of processor than ${nodes(m[1])} here. Build it for linux/arm/v6, which every Pi runs.`,
  ],
  [
    /max replicas per node limit exceed/,
    () =>
      'Each node already runs as many replicas of this service as its limit allows. Bring another node in, ask for fewer replicas, or raise --replicas-max-per-node.',
  ],
  [
    /scheduling constraints not satisfied on (\d+) nodes?/,
    (m) =>
      `The service's placement constraints rule out ${nodes(m[1])}. Look at its --constraint options and the nodes' labels.`,
  ],
  [
    /insufficient resources on (\d+) nodes?/,
    (m) =>
      `${nodes(m[1])} have less free memory or CPU than the service reserves. Lower --reserve-memory or --reserve-cpu.`,
  ],
  [
    /host-mode port already in use on (\d+) nodes?/,
    (m) =>
      `The port is already taken on ${nodes(m[1])}: mode=host allows one task per node and port. Choose another port or use the routing mesh.`,
  ],
  [
    /missing plugin on (\d+) nodes?/,
    (m) => `${nodes(m[1])} lack a network, volume or log plugin that the service asks for.`,
  ],
  [
    /(\d+) nodes? not available for new tasks/,
    (m) => `${nodes(m[1])} take no new tasks: drained, paused or down.`,
  ],
];

const BROKEN: Rule[] = [
  [
    /No such image|manifest unknown|not found: manifest|repository does not exist|pull access denied|manifest for .* not found/i,
    () =>
      'The node could not get the image. Check the name and tag, and that it was pushed to a registry this node can reach.',
  ],
  [
    /exec format error|no matching manifest/i,
    () =>
      'The image is built for another kind of processor than this node has. Build it for linux/arm/v6, which every Pi runs.',
  ],
  [
    /port is already allocated|address already in use/i,
    () =>
      'Something else on that node already uses the port. Free it, or publish the service on another one.',
  ],
  [
    /executable file not found|no such file or directory: unknown/i,
    () => 'The image has no such command. Check its ENTRYPOINT and CMD.',
  ],
  [
    /unhealthy container/i,
    () => "The image's own health check said no, so swarm replaced the task.",
  ],
  [
    /invalid mount config|bind source path does not exist/i,
    () => 'A path that the service mounts does not exist on that node.',
  ],
  [
    /no space left on device/i,
    () => "The node's SD card is full. `docker system prune` on it frees what is unused.",
  ],
];

/** Exit codes that say something by themselves: 128 + signal, and the shell's own. */
const EXIT: Record<number, string> = {
  1: 'The program ended with an error of its own: `docker service logs` may tell more.',
  125: 'Docker itself could not run it.',
  126: 'The command in the image cannot be executed.',
  127: 'The command is not in the image.',
  132: 'Illegal instruction: the image is built for a newer ARM than this node has (a Pi Zero is ARMv6). Build it for linux/arm/v6.',
  134: 'The program aborted itself.',
  137: 'It was killed from outside: `docker kill`, or the node ran out of memory.',
  139: 'It crashed (segmentation fault): on a Pi Zero most often an image built for a newer ARM. Build it for linux/arm/v6.',
  143: 'It was asked to stop (SIGTERM) by something other than swarm.',
};

function matching(rules: Rule[], error: string): string[] {
  return rules.flatMap(([pattern, say]) => {
    const match = error.match(pattern);
    return match ? [say(match)] : [];
  });
}

/**
 * What a task's error means in plain words and what to do about it, or null when there is nothing
 * to add to the engine's own message. A task that waits can have several reasons: all are said.
 */
export function hintFor({ state, error, exitCode }: HintInput): string | null {
  const waiting = matching(WAITING, error);
  if (waiting.length > 0) return waiting.join(' ');
  const broken = matching(BROKEN, error)[0];
  if (broken) return broken;
  if (state === 'failed' && exitCode !== null) return EXIT[exitCode] ?? null;
  return null;
}

import { actionsOf, edit, ROLL_BACK, RUN_AGAIN, SHOW_LOGS, type HintAction } from './actions';
import { CONTAINER_ERRORS } from './container-errors';
import { nodeName, nodeWords, type HintInput, type Rule } from './hint-input';
import { IMAGE_ERRORS } from './image-errors';
import { NETWORK_ERRORS } from './network-errors';
import { buildAdvice, isArmv6, PLATFORM_HELP } from '../placement/platforms';
import type { HelpId } from './troubleshooting';
import { WAITING_REASONS, type Hint } from './waiting-reasons';
import { inSentence } from '../words';

/** Errors of a task that broke, the most specific first. */
const BROKEN: readonly Rule[] = [
  {
    // Go's words on a process that a signal ended: runc or containerd's shim, not the task's program.
    pattern: /signal: illegal instruction/i,
    help: 'docker-illegal-instruction',
    say: (input) =>
      `A part of Docker on ${nodeName(input)} is not built for its processor. Install there the versions that step 5 of docs/install.md names.`,
  },
  ...IMAGE_ERRORS,
  ...NETWORK_ERRORS,
  ...CONTAINER_ERRORS,
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
  // What an engine that starts gives to containers that have ended meanwhile (moby daemon/daemon.go, restore).
  255: {
    help: 'end-not-seen',
    say: () =>
      'Docker did not see how it ended, as after a power cut of its node, or the program itself ended with exit code 255.',
  },
};

/** Any exit code but 0 is an error; with 0 a service's program has ended although it had to keep running. */
function endHint({ state, exitCode, keepsRunning = false }: HintInput): Hint | null {
  if (state === 'failed' && exitCode !== null && exitCode !== 0) {
    return {
      text: `The program itself ended with exit code ${exitCode}: its output is in \`docker service logs\`.`,
      help: 'program-error',
    };
  }
  if (state !== 'complete' || !keepsRunning) return null;
  return {
    text: 'The program ended without an error (exit code 0). That of a service has to keep running: check its command, or create a job for one that ends.',
    help: 'program-ended',
  };
}

/** What ARMv7 code does on an ARMv6 node; swarm cannot tell the two apart, so it ends up there. */
function newerArm(input: HintInput, what: string): string | null {
  const { node, platforms } = input;
  if (!node || !isArmv6(node)) return null;
  return `${what}: ${nodeName(input)} is ${inSentence(node.arch)} (a Pi Zero is ARMv6), and the image seems to be for a newer ARM, such as ARMv7. ${buildAdvice(platforms.nodes)}.`;
}

/** Characters of an error that are compared with the patterns, at its start and at its end. */
const HEAD = 1500;
const TAIL = 500;

function excerpt(error: string): string {
  if (error.length <= HEAD + TAIL) return error;
  return `${error.slice(0, HEAD)}\n${error.slice(-TAIL)}`;
}

function brokenHint(input: HintInput, error: string): Hint | null {
  const rule = BROKEN.find(({ pattern }) => pattern.test(error));
  return rule ? { text: rule.say(input), help: rule.help } : null;
}

/**
 * The hint on a task with its actions. A task that broke can be rolled back with its service, where the service has a
 * definition before the present one and the task follows the present one.
 */
export function hintWithActions(
  input: HintInput,
  nodeId: string | null,
  canRollBack: boolean,
): { hint: Hint | null; actions: readonly HintAction[] } {
  const hint = hintFor(input);
  const node = nodeId === null ? null : { id: nodeId, name: input.node?.name ?? nodeId };
  const own = hint ? (hint.actions ?? actionsOf(hint.help, node)) : [];
  const ended = hint?.help === 'program-ended';
  const broke = input.state === 'failed' || input.state === 'rejected' || ended;
  if (!broke) return { hint, actions: own };
  // A task that was rejected has never run, so it has no logs.
  const logs = input.state === 'failed' && !own.includes(SHOW_LOGS) ? [SHOW_LOGS] : [];
  const job = input.isJob ? jobActions(own) : [];
  return { hint, actions: [...own, ...logs, ...job, ...(canRollBack ? [ROLL_BACK] : [])] };
}

/**
 * A job does not go on by itself once its restart policy allows no further attempt, and each change of it starts it again:
 * with another image, or as it is.
 */
function jobActions(own: readonly HintAction[]): HintAction[] {
  const image = edit('image');
  const hasImage = own.some((one) => one.kind === 'edit-service' && one.field === 'image');
  return [...(hasImage ? [] : [image]), RUN_AGAIN];
}

/**
 * What a task's error means in plain words and what to do about it, or null when there is nothing
 * to add to the engine's own message. A task that waits can have several reasons: all are given,
 * and the first is linked.
 */
export function hintFor(input: HintInput): Hint | null {
  if (input.waiting !== undefined) return input.waiting;
  const error = excerpt(input.error);
  const waiting = WAITING_REASONS.flatMap(({ pattern, say }) => {
    const match = error.match(pattern);
    return match ? [say(match, input.platforms)] : [];
  });
  const [first] = waiting;
  if (first) {
    return {
      ...first,
      text: waiting.map(({ text }) => text).join(' '),
      actions: waiting.flatMap(({ help }) => actionsOf(help, null)),
    };
  }
  const broken = brokenHint(input, error);
  if (broken) return broken;
  const exit = input.state === 'failed' && EXIT[input.exitCode ?? Number.NaN];
  return exit ? { text: exit.say(input), help: exit.help } : endHint(input);
}

/** Every row that a hint can lead to, for the test that none is missing. */
export const HINT_HELP: readonly HelpId[] = [
  ...[...WAITING_REASONS, ...BROKEN].map(({ help }) => help),
  ...Object.values(EXIT).map(({ help }) => help),
  ...PLATFORM_HELP,
  'no-addresses',
  'program-ended',
];

import type { FilterName } from '../placement/placement';
import type { HintAction } from './actions';
import { buildAdvice, platformLimit, type PlatformContext } from '../placement/platforms';
import type { HelpId } from './troubleshooting';
import { counted, inSentence } from '../words';

/** A reason of swarm's scheduler for not finding a node. */
export interface WaitingReason {
  /** Null for what cannot be seen here. */
  filter: FilterName | null;
  pattern: RegExp;
  help: HelpId;
  /** The text without facts about the nodes. */
  say: (match: RegExpMatchArray, platforms: PlatformContext) => Hint;
}

/** A sentence in plain words, and the row of the troubleshooting table that has more. */
export interface Hint {
  text: string;
  help: HelpId;
  /** What can be done about it from here; by the row's own rule (`actionsOf`) where it is left out. */
  actions?: readonly HintAction[];
}

const nodes = (match: RegExpMatchArray, verb?: string) =>
  counted(inSentence(match[1] ?? ''), 'node', verb);

function reason(
  filter: FilterName | null,
  help: HelpId,
  pattern: RegExp,
  text: (match: RegExpMatchArray) => string,
): WaitingReason {
  return { filter, help, pattern, say: (match) => ({ help, text: text(match) }) };
}

/** All of them (swarmkit manager/scheduler/filter.go, `Explain`). One message can have several. */
export const WAITING_REASONS: readonly WaitingReason[] = [
  {
    filter: 'platform',
    help: 'image-other-processor',
    pattern: /unsupported platform on (\d{1,9}) nodes?/,
    // The record and the nodes can have changed since swarm wrote its reason: then no names.
    say: (match, platforms) =>
      platformLimit(platforms, true) ?? {
        help: 'image-other-processor',
        text: `${nodes(match)} cannot run this image: it is built for another CPU. ${buildAdvice(platforms.nodes)}.`,
      },
  },
  reason(
    'max-replicas',
    'max-replicas-per-node',
    /max replicas per node limit exceed/,
    () =>
      'Each node already runs as many replicas of this service as its limit allows. Add a node, scale down, or raise --replicas-max-per-node.',
  ),
  reason(
    'constraints',
    'constraints',
    /scheduling constraints not satisfied on (\d{1,9}) nodes?/,
    (match) =>
      `The service's placement constraints rule out ${nodes(match)}. Compare \`docker service inspect --pretty SERVICE\` with the nodes' labels and roles.`,
  ),
  reason(
    'resources',
    'resources',
    /insufficient resources on (\d{1,9}) nodes?/,
    (match) =>
      `${nodes(match, 'have')} less free memory or CPU than the service reserves. Lower --reserve-memory or --reserve-cpu.`,
  ),
  reason(
    'host-port',
    'host-port',
    /host-mode port already in use on (\d{1,9}) nodes?/,
    (match) =>
      `The port is already taken on ${nodes(match)}: mode=host allows one task per node and port. Choose another port or use the routing mesh.`,
  ),
  reason(
    'plugin',
    'missing-plugin',
    /missing plugin on (\d{1,9}) nodes?/,
    (match) => `${nodes(match, 'lack')} a network, volume or log plugin that the service requires.`,
  ),
  reason(
    'ready',
    'nodes-unavailable',
    /(\d{1,9}) nodes? not available for new tasks/,
    (match) => `${nodes(match, 'take')} no new tasks: drained, paused or down.`,
  ),
  reason(
    null,
    'cluster-volume',
    /cannot fulfill requested CSI volume mounts on (\d{1,9}) nodes?/,
    (match) =>
      `The cluster volume that the service mounts cannot be attached to ${nodes(match)}. \`docker volume ls --cluster\` shows its state.`,
  ),
];

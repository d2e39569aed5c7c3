import type { NodePlatform, PlatformContext } from '../placement/platforms';
import type { TaskState } from '../task-state';
import type { HelpId } from './troubleshooting';
import type { Hint } from './waiting-reasons';
import { inSentence } from '../words';

/** What a hint is made from. */
export interface HintInput {
  state: TaskState;
  error: string;
  exitCode: number | null;
  /** Whether its program is to keep running: that of a service is, that of a job is not. */
  keepsRunning?: boolean;
  /** Whether it is a task of a job that is there. */
  isJob?: boolean;
  /** The node that the task is or was on. */
  node: NodePlatform | null;
  /** What the task's image is made for, and the nodes that take tasks. */
  platforms: PlatformContext;
  /** Why the task waits, computed from the nodes; undefined if they are unknown, so that only the error counts. */
  waiting?: Hint | null | undefined;
}

/** A kind of error with its explanation. */
export interface Rule {
  pattern: RegExp;
  help: HelpId;
  say: (input: HintInput) => string;
}

/** The node's name, or `the node`. */
export const nodeName = ({ node }: HintInput) => (node ? inSentence(node.name) : 'the node');

/** The node's name and processor, at the beginning of a sentence. */
export const nodeWords = (input: HintInput) =>
  input.node?.arch ? `${nodeName(input)} (${inSentence(input.node.arch)})` : 'The node';

/** The node's name at the beginning of a sentence. */
export const subject = ({ node }: HintInput) => (node ? inSentence(node.name) : 'The node');

import { parseArgs } from 'node:util';
import { EXIT_USAGE, LabFailure } from './failure';
import { HAT, isNodeName, type NodeName, NODES } from './layout';

/** A command of the lab's command line. */
export interface Command {
  /** Its arguments and what it does, for the usage text. */
  usage: [args: string, ...description: string[]];
  /** Names of its boolean options, without dashes. */
  options?: readonly string[];
  /** Names of its options with a value. */
  valueOptions?: readonly string[];
  /** Maximum number of arguments; 0 by default. */
  maxArguments?: number;
  /** Passes all arguments to another program instead of parsing options. */
  passThrough?: boolean;
  /** Returns the exit code; 0 if it returns nothing. A boolean option's value is empty. */
  run(args: readonly string[], options: ReadonlyMap<string, string>): Promise<number | void>;
}

/** An error about the command line: `lab` prints it with the usage text and exits with 2. */
export class UsageError extends LabFailure {
  constructor(message: string) {
    super(message, EXIT_USAGE);
  }
}

/** Parses the arguments of `command` and runs it. */
export async function runCommand(
  name: string,
  command: Command,
  argv: readonly string[],
): Promise<number> {
  if (command.passThrough) return (await command.run(argv, new Map())) ?? 0;
  const { options: flags = [], valueOptions = [] } = command;
  const { tokens } = parseArgs({
    args: [...argv],
    options: {
      ...Object.fromEntries(flags.map((flag) => [flag, { type: 'boolean' as const }])),
      ...Object.fromEntries(valueOptions.map((option) => [option, { type: 'string' as const }])),
    },
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const args: string[] = [];
  const options = new Map<string, string>();
  for (const token of tokens) {
    if (token.kind === 'positional') args.push(token.value);
    if (token.kind !== 'option') continue;
    const hasValue = valueOptions.includes(token.name);
    if (!hasValue && (!flags.includes(token.name) || token.value !== undefined)) {
      throw new UsageError(`${name} does not know "${argv[token.index]}"`);
    }
    if (hasValue && (token.value === undefined || /^(-|$)/.test(token.value))) {
      throw new UsageError(`${name} needs a value after --${token.name}`);
    }
    options.set(token.name, token.value ?? '');
  }
  const unexpected = args[command.maxArguments ?? 0];
  if (unexpected !== undefined) throw new UsageError(`${name} does not know "${unexpected}"`);
  return (await command.run(args, options)) ?? 0;
}

/** The node that is the first argument of `command`. */
export function nodeArgument(command: string, [word]: readonly string[]): NodeName {
  if (word === undefined) throw new UsageError(`${command} needs a node: one of ${HAT.join(', ')}`);
  if (!isNodeName(word)) {
    throw new UsageError(`no node is called "${word}"; there are ${NODES.join(', ')}`);
  }
  return word;
}

/** The usage text of all commands. */
export function usageOf(commands: Readonly<Record<string, Command>>): string {
  const entries = Object.entries(commands).map(
    ([
      name,
      {
        usage: [args, ...description],
      },
    ]) => ({
      invocation: `  ${name} ${args}`,
      description,
    }),
  );
  const column = Math.max(...entries.map(({ invocation }) => invocation.length)) + 2;
  return [
    'usage: npm run -s lab -- COMMAND',
    '',
    ...entries.flatMap(({ invocation, description }) =>
      description.map((line, index) => (index === 0 ? invocation : '').padEnd(column) + line),
    ),
    '',
    `  NODE is one of ${HAT.join(' ')} (docker, kill and stop also accept spare)`,
  ].join('\n');
}

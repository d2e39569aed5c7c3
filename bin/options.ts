import { isIPv6 } from 'node:net';
import { parseArgs } from 'node:util';
import * as z from 'zod/mini';

/** The command's options, from its arguments and the environment. */
export interface Options {
  demo: boolean;
  host: string;
  /** From 1 to 65535. */
  port: number;
}

/** A wrong option or setting: one sentence for the terminal, exit code 2. */
export class OptionsError extends Error {
  override readonly name = 'OptionsError';
}

/** `clusterhat --help`. */
export const usage = (command: string): string => `usage: ${command} [options]

A dashboard for a small Docker swarm. Without options it shows the engine that DOCKER_HOST or the
current docker context names, else the one on this machine, else a demo swarm.

  --demo            show the demo swarm: five nodes that exist only in this program (CLUSTERHAT_DEMO=1)
  --host ADDRESS    where to listen, 127.0.0.1 by default (HOST); on anything else the page is
                    read-only until DASHBOARD_PASSWORD_FILE or DASHBOARD_PASSWORD is set
  --port NUMBER     3000 by default (PORT)
  --help, --version

Other settings: DOCKER_HOST, DOCKER_CONTEXT, CLUSTERHAT_NODES, ECHO_SERVICE,
MAX_REPLICAS; see README.md.`;

const OPTIONS = {
  demo: { type: 'boolean' },
  host: { type: 'string' },
  port: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const;

const portSchema = z.pipe(
  z.string().check(z.regex(/^\d{1,5}$/)),
  z.pipe(z.transform(Number), z.number().check(z.minimum(1), z.maximum(65_535))),
);
/** A name or an address; not a URL or `host:port`, and without a zone (`%eth0`), which no URL can have. */
const hostSchema = z.pipe(
  z.pipe(
    z.string(),
    z.transform((text) => text.replace(/^\[(.*)\]$/, '$1')),
  ),
  z
    .string()
    .check(
      z.refine((host) => (isIPv6(host) && !host.includes('%')) || /^[A-Za-z0-9._-]+$/.test(host)),
    ),
);
const switchSchema = z.pipe(
  z.string().check(z.regex(/^(1|true|yes|on|0|false|no|off)$/i)),
  z.transform((text) => /^(1|true|yes|on)$/i.test(text)),
);

/**
 * Parses the command line; an option wins over its variable, and an empty variable counts as unset.
 * Throws `OptionsError`.
 */
export function parseOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Options | 'help' | 'version' {
  const values = parseArguments(args);
  if (values.help) return 'help';
  if (values.version) return 'version';

  function setting<T>(
    option: 'host' | 'port',
    variable: string,
    schema: z.ZodMiniType<T>,
    expected: string,
    fallback: T,
  ): T {
    const [name, text] =
      values[option] === undefined
        ? [variable, environment[variable] || undefined]
        : [`--${option}`, values[option]];
    if (text === undefined) return fallback;
    const parsed = schema.safeParse(text);
    if (parsed.success) return parsed.data;
    throw new OptionsError(`${name} is ${JSON.stringify(text)}: it has to be ${expected}.`);
  }

  const demoText = environment['CLUSTERHAT_DEMO'] || '0';
  const demo = switchSchema.safeParse(demoText);
  if (!demo.success) {
    throw new OptionsError(`CLUSTERHAT_DEMO is ${JSON.stringify(demoText)}: it has to be 1 or 0.`);
  }
  const host = setting('host', 'HOST', hostSchema, 'an address of this machine', '127.0.0.1');
  return {
    demo: values.demo ?? demo.data,
    host,
    port: setting('port', 'PORT', portSchema, 'a number from 1 to 65535', 3000),
  };
}

function parseArguments(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true }).values;
  } catch (error) {
    throw new OptionsError(sentence(error as Error & { code?: string }, args));
  }
}

/** parseArgs' errors as one sentence that names the argument at fault. */
function sentence({ code, message }: Error & { code?: string }, args: readonly string[]): string {
  const quoted = /'([^']+)'/.exec(message)?.[1] ?? args.join(' ');
  switch (code) {
    case 'ERR_PARSE_ARGS_UNKNOWN_OPTION':
      return `there is no option ${quoted}; --help lists them.`;
    case 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL':
      return `"${quoted}" is not an option; --help lists them.`;
    default: {
      const option = quoted.replace(/^-\w, /, '').replace(/[ =].*$/, '');
      return /does not take an argument/.test(message)
        ? `${option} takes no value.`
        : `${option} needs a value, as in ${option}=${option === '--port' ? '3001' : '0.0.0.0'}.`;
    }
  }
}

/** Flags of echo-server (echo-server/main.go) and whether they take a value. */
const FLAGS = new Map([
  ['listen', true],
  ['linger', true],
  ['healthcheck', false],
]);

/**
 * The exit code with which echo-server ends because of its arguments, or undefined when it serves:
 * 0 after its usage, 2 for arguments that it does not know, 1 for a health check, as no server
 * runs in that container.
 */
export function echoExitCode(args: readonly string[]): number | undefined {
  let checksHealth = false;
  for (let at = 0; at < args.length; at += 1) {
    const [, name, value] = /^--?([^-=][^=]*)(=.*)?$/.exec(args[at] ?? '') ?? [];
    if (name === undefined) return 2;
    if (name === 'help' || name === 'h') return 0;
    const takesValue = FLAGS.get(name);
    if (takesValue === undefined) return 2;
    if (takesValue && value === undefined) at += 1;
    if (at >= args.length) return 2;
    if (name === 'healthcheck') checksHealth = value !== '=false';
  }
  return checksHealth ? 1 : undefined;
}

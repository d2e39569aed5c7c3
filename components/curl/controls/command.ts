import { planOf } from '@/lib/curl/plan';
import { shell, shellWord } from '@/lib/swarm/shell';
import type { RunSettings } from './run-settings';

/** What the controls show as the `curl` command that does the same, as a person would type it. */

/** Everything that the command says. */
export interface CommandFacts extends Pick<
  RunSettings,
  'path' | 'method' | 'mode' | 'rate' | 'seconds' | 'burst' | 'inFlight' | 'timeout' | 'connection'
> {
  /** Where it enters, numeric; more than one when it takes turns. */
  readonly addresses: readonly string[];
  readonly port: number;
}

/** The equal command. Kept connections need one `curl` for all requests, others a loop. */
export function curlCommand(facts: CommandFacts): string {
  const requests = planOf(facts).planned;
  if (requests === 1) return `${curl(facts)} ${url(facts)}`;
  return facts.connection === 'keepAlive' ? oneCurl(facts, requests) : loop(facts, requests);
}

function first({ addresses }: CommandFacts): string {
  return addresses[0] ?? 'ADDRESS';
}

/** `curl` with its options. The panel's timeout counts once for the connection and once more for the answer. */
function curl({ method, timeout, path }: CommandFacts, ...more: string[]): string {
  const head = method === 'HEAD' ? ['-I'] : [];
  // Left alone, curl asks for /b where /a/../b is written.
  const asIs = path.includes('/.') ? ['--path-as-is'] : [];
  const times = ['--connect-timeout', `${timeout}`, '--max-time', `${2 * timeout}`];
  return ['curl', ...head, ...asIs, ...more, ...times].join(' ');
}

function loop(facts: CommandFacts, requests: number): string {
  const { addresses, port, path, mode, rate, inFlight } = facts;
  const one = curl(facts, '-s');
  const pause = mode === 'burst' ? '' : ` sleep ${Number((1 / rate).toFixed(3))};`;
  if (addresses.length > 1) {
    const body = `${one} ${glob(facts)}${shell`http://"$a":${port}${path}`};${pause}`;
    const rounds = Math.ceil(requests / addresses.length);
    return `for i in $(seq ${rounds}); do ${shell`for a in ${addresses.map(hostOf)}`}; do ${body} done; done`;
  }
  const target = url(facts);
  if (mode === 'burst' && inFlight > 1) {
    // xargs puts the number where these stand: nowhere, so they must not be in the path.
    const place = target.includes('{}') ? '@@@' : '{}';
    return `seq ${requests} | xargs -P${inFlight} -I${place} ${one} ${target}`;
  }
  return `for i in $(seq ${requests}); do ${one} ${target};${pause} done`;
}

/** curl leaves out what follows #, so a range there asks for the same many times on one connection. */
function oneCurl(facts: CommandFacts, requests: number): string {
  const { addresses, mode, rate, inFlight } = facts;
  const count = Math.ceil(requests / Math.max(1, addresses.length));
  const hosts =
    addresses.length > 1
      ? `{${addresses.map(hostOf).join(',')}}`
      : globEscaped(hostOf(first(facts)));
  const pace =
    mode === 'steady'
      ? ['--rate', `${rate}/s`]
      : inFlight > 1
        ? ['-Z', '--no-progress-meter', '--parallel-max', `${inFlight}`]
        : [];
  const target = `http://${hosts}:${facts.port}${globEscaped(facts.path)}#[1-${count}]`;
  return `${curl(facts, '-s', ...pace)} ${shellWord(target)}`;
}

function hostOf(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

/** What curl itself would take for a range or a list. */
function globEscaped(text: string): string {
  return text.replaceAll(/[[\]{}]/g, String.raw`\$&`);
}

/** The address as an argument for a shell. */
function url(facts: CommandFacts): string {
  return glob(facts) + shellWord(`http://${hostOf(first(facts))}:${facts.port}${facts.path}`);
}

/** Tells curl to leave brackets and braces alone, where there are any. */
function glob({ path, addresses }: CommandFacts): string {
  return /[[\]{}]/.test(path) || addresses.join('').includes(':') ? '-g ' : '';
}

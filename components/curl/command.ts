import { planOf } from '@/lib/curl/plan';
import type { Settings } from './settings';

/** What the controls show as the `curl` command that does the same, as a person would type it. */

/** Everything that the command says. */
export interface CommandFacts extends Pick<
  Settings,
  'path' | 'method' | 'mode' | 'rate' | 'seconds' | 'burst' | 'inFlight' | 'timeout' | 'connection'
> {
  /** Where it enters, numeric; more than one when it takes turns. */
  readonly addresses: readonly string[];
  readonly port: number;
}

/** The equal command. Kept connections need one `curl` for all requests, others a loop. */
export function curlCommand(facts: CommandFacts): string {
  const requests = planOf(facts).planned;
  if (requests === 1) return `curl ${options(facts)} ${url(facts, first(facts))}`;
  return facts.connection === 'keepAlive' ? oneCurl(facts, requests) : loop(facts, requests);
}

function first({ addresses }: CommandFacts): string {
  return addresses[0] ?? 'ADDRESS';
}

/** The panel's timeout counts once for the connection and once more for the answer. */
function options({ method, timeout, path }: CommandFacts, ...more: string[]): string {
  const head = method === 'HEAD' ? ['-I'] : [];
  // Left alone, curl asks for /b where /a/../b is written.
  const asIs = path.includes('/.') ? ['--path-as-is'] : [];
  return [
    ...head,
    ...asIs,
    ...more,
    `--connect-timeout ${timeout}`,
    `--max-time ${2 * timeout}`,
  ].join(' ');
}

function loop(facts: CommandFacts, requests: number): string {
  const { addresses, mode, rate, inFlight } = facts;
  const turns = addresses.length > 1;
  const curl = `curl ${options(facts, '-s')}`;
  const pause = mode === 'burst' ? '' : ` sleep ${Number((1 / rate).toFixed(3))};`;
  if (turns) {
    const body = `${curl} ${url(facts, '$a')};${pause}`;
    const rounds = Math.ceil(requests / addresses.length);
    return `for i in $(seq ${rounds}); do for a in ${addresses.map(hostOf).join(' ')}; do ${body} done; done`;
  }
  const target = url(facts, first(facts));
  if (mode === 'burst' && inFlight > 1) {
    // xargs puts the number where these stand: nowhere, so they must not be in the path.
    const place = target.includes('{}') ? '@@@' : '{}';
    return `seq ${requests} | xargs -P${inFlight} -I${place} ${curl} ${target}`;
  }
  return `for i in $(seq ${requests}); do ${curl} ${target};${pause} done`;
}

/** curl leaves out what follows #, so a range there asks for the same many times on one connection. */
function oneCurl(facts: CommandFacts, requests: number): string {
  const { addresses, mode, rate, inFlight } = facts;
  const count = Math.ceil(requests / Math.max(1, addresses.length));
  const hosts =
    addresses.length > 1 ? `{${addresses.map(hostOf).join(',')}}` : globHost(first(facts));
  const pace =
    mode === 'steady'
      ? `--rate ${rate}/s`
      : inFlight > 1
        ? `-Z --no-progress-meter --parallel-max ${inFlight}`
        : '';
  const target = `http://${hosts}:${facts.port}${globEscaped(facts.path)}#[1-${count}]`;
  return `curl ${options(facts, '-s', ...(pace ? [pace] : []))} ${quoted(target)}`;
}

function hostOf(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

function globHost(address: string): string {
  return globEscaped(hostOf(address));
}

/** What curl itself would take for a range or a list. */
function globEscaped(text: string): string {
  return text.replaceAll(/[[\]{}]/g, String.raw`\$&`);
}

/** The address as an argument for a shell. `$a`, the loop's address, stays outside of quotes. */
function url({ port, path, addresses }: CommandFacts, host: string): string {
  const glob = /[[\]{}]/.test(path) || addresses.join('').includes(':') ? '-g ' : '';
  if (host === '$a') return `${glob}http://$a:${port}${quoted(path)}`;
  return `${glob}${quoted(`http://${hostOf(host)}:${port}${path}`)}`;
}

/** Plain where a shell leaves it alone. Not so `!`: an interactive bash looks for an event after it. */
const PLAIN = /^[\w:/.%,+@=~^-]+$/;

function quoted(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

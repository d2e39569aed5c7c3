import { planOf } from '@/lib/curl/plan';
import { shell, shellWord } from '@/lib/swarm/shell';
import type { RunSettings } from './run-settings';

/** Input of {@link curlCommand}. */
export interface CommandFacts extends Pick<
  RunSettings,
  'path' | 'method' | 'mode' | 'rate' | 'seconds' | 'burst' | 'inFlight' | 'timeout' | 'connection'
> {
  /** Where requests enter, `10.0.0.1:8888`; several when they take turns. */
  readonly hosts: readonly string[];
}

/** Returns the equivalent `curl` command. Reused connections need one `curl` for all requests, new ones a loop. */
export function curlCommand(facts: CommandFacts): string {
  const requests = planOf(facts).planned;
  if (requests === 1) return `${curl(facts)} ${url(facts)}`;
  return facts.connection === 'keepAlive' ? oneCurl(facts, requests) : loop(facts, requests);
}

function first({ hosts }: CommandFacts): string {
  return hosts[0] ?? 'ADDRESS';
}

/** `curl` with its options. The timeout applies to the connection and again to the response. */
function curl({ method, timeout, path }: CommandFacts, ...more: string[]): string {
  const head = method === 'HEAD' ? ['-I'] : [];
  // Without it curl requests /b for /a/../b.
  const asIs = path.includes('/.') ? ['--path-as-is'] : [];
  const times = ['--connect-timeout', `${timeout}`, '--max-time', `${2 * timeout}`];
  return ['curl', ...head, ...asIs, ...more, ...times].join(' ');
}

function loop(facts: CommandFacts, requests: number): string {
  const { hosts, path, mode, rate, inFlight } = facts;
  const one = curl(facts, '-s');
  const pause = mode === 'burst' ? '' : ` sleep ${Number((1 / rate).toFixed(3))};`;
  if (hosts.length > 1) {
    const body = `${one} ${glob(facts)}${shell`http://"$a"${path}`};${pause}`;
    const rounds = Math.ceil(requests / hosts.length);
    return `for i in $(seq ${rounds}); do ${shell`for a in ${hosts}`}; do ${body} done; done`;
  }
  const target = url(facts);
  if (mode === 'burst' && inFlight > 1) {
    // xargs replaces this text by the number: it must not occur in the path.
    const place = target.includes('{}') ? '@@@' : '{}';
    return `seq ${requests} | xargs -P${inFlight} -I${place} ${one} ${target}`;
  }
  return `for i in $(seq ${requests}); do ${one} ${target};${pause} done`;
}

/** curl drops the part after #, so a range there repeats the same request on one connection. */
function oneCurl(facts: CommandFacts, requests: number): string {
  const { hosts, mode, rate, inFlight } = facts;
  const count = Math.ceil(requests / Math.max(1, hosts.length));
  const entered = hosts.length > 1 ? `{${hosts.join(',')}}` : globEscaped(first(facts));
  const pace =
    mode === 'steady'
      ? ['--rate', `${rate}/s`]
      : inFlight > 1
        ? ['-Z', '--no-progress-meter', '--parallel-max', `${inFlight}`]
        : [];
  const target = `http://${entered}${globEscaped(facts.path)}#[1-${count}]`;
  return `${curl(facts, '-s', ...pace)} ${shellWord(target)}`;
}

/** Escapes what curl would expand as a range or a list. */
function globEscaped(text: string): string {
  return text.replaceAll(/[[\]{}]/g, String.raw`\$&`);
}

/** The URL as shell arguments. */
function url(facts: CommandFacts): string {
  return glob(facts) + shellWord(`http://${first(facts)}${facts.path}`);
}

/** Turns curl's expansion of brackets and braces off where there are any. */
function glob({ path, hosts }: CommandFacts): string {
  return /[[\]{}]/.test(path + hosts.join('')) ? '-g ' : '';
}

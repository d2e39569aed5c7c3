import type { ServiceForm, ServicePatch } from './form';
import { parseMemory } from './memory-size';

/** What a request holds: a whole form, or a patch of one. */
type Sent = Partial<Pick<ServiceForm, 'ports' | 'env'>> | Pick<ServicePatch, 'ports' | 'env'>;

/** The engine's words on a value that it refuses, and the field that it is about (moby, swarmkit; measured on 20.10). */
const FIELDS: readonly [
  pattern: RegExp,
  field: string | ((match: RegExpExecArray, sent: Sent) => string),
][] = [
  [
    /^name must be|name conflicts with an existing object|renaming services is not supported/,
    'name',
  ],
  [
    /^port '(\d+)' is already in use by service/,
    (match, sent) => portField(Number(match[1]), sent),
  ],
  [/^EndpointSpec: |^invalid resolution mode/, () => 'ports'],
  [/^ContainerSpec: (image reference must|.* is not a valid repository\/tag)/s, 'image'],
  [/^constraint expected one operator|^(key|value) '.*' is invalid$/s, 'constraints'],
  [/^invalid cpu value (\S+): /, (match, sent) => amountField('cpus', Number(match[1]), sent)],
  [
    /^invalid memory value (-?\d+): /,
    (match, sent) => amountField('memory', Number(match[1]), sent),
  ],
  [/^TaskSpec: restart-delay/, 'restart.delay'],
  [/^TaskSpec: restart-window/, 'restart.window'],
  [/^invalid RestartCondition/, 'restart.condition'],
  [/^TaskSpec: update-delay/, 'update.delay'],
  [/^TaskSpec: update-monitor/, 'update.monitor'],
  [/^TaskSpec: update-maxfailureratio/, 'update.maxFailureRatio'],
  [/^unrecognized update order/, 'update.order'],
  [/^unrecognized update failure action/, 'update.failureAction'],
  [/^Jobs may not have an update config/, 'update'],
  [/^expanding hostname failed/, 'hostname'],
  [
    /^expanding env failed(?:: expanding env "([^"\\=]*)=)?/,
    (match, sent) => envField(match[1], sent),
  ],
  [/^Number of replicas must be|^(maximum|number of|total) (concurrent|completions)/i, 'replicas'],
  [
    /^must specify only one service mode|service mode change is not allowed|^cannot specify both/,
    'mode',
  ],
];

/** The field of a request that the engine's message is about; null if it is about none. */
export function refusedField(message: string, sent: Sent): string | null {
  const text = message.replace(/^rpc error: code = \w+ desc = /, '').trim();
  for (const [pattern, field] of FIELDS) {
    const match = pattern.exec(text);
    if (match) return typeof field === 'string' ? field : field(match, sent);
  }
  return null;
}

function portField(published: number, { ports }: Sent): string {
  const [list, path] = Array.isArray(ports) ? [ports, 'ports'] : [ports?.add ?? [], 'ports.add'];
  const at = list.findIndex((port) => port.published === published);
  return at < 0 ? 'ports' : `${path}.${at}.published`;
}

/** A variable with a template that is wrong; of an update it can be one that was not sent. */
function envField(name: string | undefined, { env }: Sent): string {
  return name !== undefined && env && Object.hasOwn(env, name) ? `env.${name}` : 'env';
}

/** The engine names the value only. */
function amountField(what: 'cpus' | 'memory', value: number, sent: Sent): string {
  const { limits } = sent as Pick<ServiceForm, 'limits'>;
  const given = limits?.[what];
  const limit = typeof given === 'string' ? parseMemory(given) : given === undefined ? null : given;
  const same = limit !== null && Math.abs(limit - value) <= Math.abs(value) * 1e-9;
  return same ? `limits.${what}` : `reservations.${what}`;
}

/** The same for a change of a node. */
export function refusedNodeField(message: string): string | null {
  if (/invalid Role|\bdemot|\bpromot/i.test(message)) return 'role';
  return /invalid Availability/.test(message) ? 'availability' : null;
}

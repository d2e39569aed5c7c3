import * as z from 'zod/mini';
import { MAX_FORM } from '../max-body';
import { isLonger } from '../text-length';
import { goDuration, parseDuration } from './go-duration';
import { parseImage } from './image-reference';
import { parseMemory } from './memory-size';

/**
 * The single fields of a service's form, by the rules of docker's client (docker/cli cli/command/service/opts.go and
 * opts/) and of swarmkit (manager/controlapi/service.go, common.go). Each message stands at its field, so it does
 * not repeat the field's name.
 */

// In a browser zod would try `new Function` for each object's schema, which the page's policy forbids and reports.
if ('document' in globalThis) z.config({ jitless: true });

/** Longest text of a value, and most entries of a list. All together are limited, too (`MAX_FORM`). */
export const MAX_TEXT = 4096;
export const MAX_ENTRIES = 100;

const required = (what: string) => `${what} is required.`;
const atMost = (what: string, most: number) => `${what} has at most ${most} characters.`;

/** Go's strings hold it, environments, arguments and labels of a container do not. */
// oxlint-disable-next-line no-control-regex -- NUL is what is looked for.
const NUL = /\0/;
// oxlint-disable-next-line no-control-regex -- Control characters are what is looked for.
const CONTROL = /[\0-\x1f\x7f\u2028\u2029]/;

/** A schema of objects leaves this name out without a word. */
const isLost = (name: string) => name === '__proto__';
const LOST_NAME = 'This name cannot be used here.';

/** Whether a text has half of a surrogate pair, which UTF-8 cannot carry: the engine would get another character. */
export const hasHalfCharacter = (value: string) => /\p{Cs}/u.test(value);
export const HALF_CHARACTER = 'This has half of a character, which cannot be sent: type it again.';

/** A check with a message of its own for each rule; the first rule that is broken counts. */
function ruled<T>(rule: (value: T) => string | null): z.core.$ZodCheck<T> {
  return z.check<T>((context) => {
    const message = rule(context.value);
    if (message !== null) {
      context.issues.push({ code: 'custom', input: context.value, message });
    }
  });
}

/** What the API's document says of a text, for programs: as much of its rule as JSON Schema has words for. */
interface Documented {
  description?: string;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
}

function text(
  what: string,
  rule: (value: string) => string | null,
  documented: Documented = {},
): z.ZodMiniType<string, string> {
  const schema = z
    .string(`${what} has to be text.`)
    .check(ruled((value: string) => (hasHalfCharacter(value) ? HALF_CHARACTER : rule(value))));
  return schema.check(z.meta({ ...documented }));
}

/** swarmkit common.go `isValidName`, without its nested repetition. */
const SERVICE_NAME = /^[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/i;

export const serviceName = text(
  'A name',
  (name) => {
    if (name === '') return required('A name');
    if (isLonger(name, 63)) return atMost('A name', 63);
    if (SERVICE_NAME.test(name)) return null;
    return /^[-_a-z0-9]+$/i.test(name)
      ? 'A name starts and ends with a letter or a digit.'
      : 'A name has letters (a to z), digits, - and _ only.';
  },
  {
    description: '1 to 63 letters, digits, - and _; starts and ends with a letter or a digit.',
    minLength: 1,
    maxLength: 63,
    pattern: '^[a-zA-Z0-9]([-_a-zA-Z0-9]*[a-zA-Z0-9])?$',
  },
);

export const image = text(
  'An image',
  (name) => {
    const parsed = parseImage(name);
    return 'error' in parsed ? parsed.error : null;
  },
  { description: 'The name of an image as docker takes it: user/goweb:1.0.', minLength: 1 },
);

/** A whole number of a range; `limit` explains the upper end. */
export function wholeNumber(least: number, most: number, limit = '') {
  const error = `Enter a whole number from ${least} to ${most}${limit}.`;
  return z.int(error).check(z.minimum(least, error), z.maximum(most, error));
}

/** `maxReplicas` is the setting MAX_REPLICAS. */
export const replicaCount = (maxReplicas: number) =>
  wholeNumber(0, maxReplicas, ', the limit set by MAX_REPLICAS');

export const port = wholeNumber(1, 65_535);

/** Go's int64 holds 292 years; JSON's numbers are exact up to 104 days of nanoseconds. */
const MAX_DURATION = Number.MAX_SAFE_INTEGER;

export const duration = text(
  'A duration',
  (value) => {
    if (value === '') return 'Enter a duration such as 10s, 1m30s or 500ms.';
    if (isLonger(value, 100)) return atMost('A duration', 100);
    const ns = parseDuration(value);
    if (ns === null) {
      return /^\d+$/.test(value)
        ? `Add a unit: ${value.slice(0, 12)}s, ${value.slice(0, 12)}ms or ${value.slice(0, 12)}m.`
        : 'Enter a duration such as 10s, 1m30s or 500ms.';
    }
    if (ns < 0) return 'A duration cannot be negative.';
    if (ns > MAX_DURATION) return `A duration is at most ${goDuration(2501 * 3600e9)}.`;
    return null;
  },
  {
    description: 'As docker writes it, with a unit: 10s, 1m30s, 500ms.',
    minLength: 1,
    maxLength: 100,
  },
);

const CPU_FORMAT = 'Enter a number of CPUs such as 0.5, or 0 for none.';
/** The engine counts in nano-CPUs; swarmkit accepts 0 and 0.001 or more. */
export const cpus = z.number(CPU_FORMAT).check(
  ruled((value: number) => {
    if (value < 0) return 'A number of CPUs cannot be negative.';
    if (value !== 0 && value < 0.001) return 'Swarm accepts 0.001 CPUs or more, or 0 for none.';
    if (value > 1e6) return 'A number of CPUs is at most 1000000.';
    const nano = value * 1e9;
    return Math.abs(nano - Math.round(nano)) > 1e-3 * Math.max(1, value)
      ? 'A number of CPUs has at most nine decimal places.'
      : null;
  }),
  z.describe('Whole or part CPUs: 0 for none, or 0.001 and more.'),
);

const MIB = 2 ** 20;
export const memory = text(
  'An amount of memory',
  (value) => {
    if (value === '') return 'Enter an amount of memory such as 64M, or 0 for none.';
    if (value.startsWith('-')) return 'An amount of memory cannot be negative.';
    const bytes = isLonger(value, 100) ? null : parseMemory(value);
    if (bytes === null) return 'Enter an amount of memory such as 64M or 1G, or 0 for none.';
    if (bytes !== 0 && bytes < 4 * MIB) return 'Swarm accepts 4M or more, or 0 for none.';
    if (bytes > Number.MAX_SAFE_INTEGER) return 'An amount of memory is at most 8191T.';
    return null;
  },
  { description: '64M, 1G; 0 for none, or 4M and more.', minLength: 1, maxLength: 100 },
);

export const ratio = z
  .number('Enter a number from 0 to 1.')
  .check(z.minimum(0, 'Enter a number from 0 to 1.'), z.maximum(1, 'Enter a number from 0 to 1.'));

/** The word of a list, with a message that names all of them. */
export function oneOf<const T extends readonly [string, ...string[]]>(words: T) {
  const last = words.at(-1);
  return z.enum(words, `Choose ${words.slice(0, -1).join(', ')} or ${last}.`);
}

const CONSTRAINT_KEY = /^[a-z_][a-z0-9\-_.]+$/i;
/** Go's `\s` knows these five only. */
const CONSTRAINT_VALUE = /^[a-z0-9:\-_ \t\n\f\r.*()?+[\]\\^$|/]+$/i;

/** swarmkit manager/constraint `Parse`: `==` is looked for before `!=`. */
export const constraint = text(
  'A constraint',
  (value) => {
    if (value.trim() === '') return required('A constraint');
    if (isLonger(value, MAX_TEXT)) return atMost('A constraint', MAX_TEXT);
    const operator = ['==', '!='].find((one) => value.includes(one));
    if (operator === undefined) {
      return 'A constraint needs == or !=, as in node.labels.disk==ssd or node.role!=manager.';
    }
    const at = value.indexOf(operator);
    if (!CONSTRAINT_KEY.test(value.slice(0, at).trim())) {
      return `Before ${operator} a constraint has the name of a fact, such as node.hostname or node.labels.disk.`;
    }
    if (!CONSTRAINT_VALUE.test(value.slice(at + 2).trim())) {
      return `After ${operator} a constraint has a value of letters (a to z), digits and : - _ . * ( ) ? + [ ] \\ ^ $ | /.`;
    }
    return null;
  },
  {
    description: 'node.labels.disk==ssd, node.role!=manager.',
    maxLength: MAX_TEXT,
    pattern: '[=!]=',
  },
);

export const preference = text(
  'A preference',
  (value) => {
    if (value.trim() === '') return required('A preference');
    if (isLonger(value, MAX_TEXT)) return atMost('A preference', MAX_TEXT);
    if (!value.startsWith('spread=')) {
      return 'Swarm knows one kind of preference: spread=node.labels.NAME.';
    }
    // The scheduler ignores every other one (swarmkit manager/scheduler/nodeset.go `tree`).
    return /^spread=(node|engine)\.labels\.[^\s=\p{C}]+$/iu.test(value)
      ? null
      : 'Swarm spreads over labels only: spread=node.labels.NAME or spread=engine.labels.NAME.';
  },
  {
    description: 'spread=node.labels.NAME or spread=engine.labels.NAME.',
    maxLength: MAX_TEXT,
    pattern: '^spread=',
  },
);

export const envName = text('A name', (name) => {
  if (name === '') return required('A name');
  if (isLonger(name, 255)) return atMost('A name', 255);
  if (isLost(name)) return LOST_NAME;
  if (name.includes('=')) return 'The name of a variable cannot contain =.';
  if (CONTROL.test(name)) return 'The name of a variable cannot contain control characters.';
  if (/^\s|\s$/u.test(name)) return 'The name of a variable cannot start or end with a space.';
  return null;
});

export const labelName = text('A name', (name) => {
  if (name === '') return required('A name');
  if (isLonger(name, 255)) return atMost('A name', 255);
  if (isLost(name)) return LOST_NAME;
  if (name.includes('=')) return 'The name of a label cannot contain =.';
  if (/\s/u.test(name) || CONTROL.test(name)) {
    return 'The name of a label cannot contain spaces and control characters.';
  }
  // The engine sets these itself, over what a spec has (moby daemon/cluster/executor/container `labels`).
  if (name.startsWith('com.docker.swarm.')) {
    return 'Swarm sets the labels that start with com.docker.swarm. itself.';
  }
  return null;
});

/** A value that may be empty. */
export const valueText = text(
  'A value',
  (value) => {
    if (isLonger(value, MAX_TEXT)) return atMost('A value', MAX_TEXT);
    return NUL.test(value) ? 'A value cannot contain the character NUL.' : null;
  },
  { maxLength: MAX_TEXT },
);

/** A word of a command, or of its arguments. */
export const word = text(
  'An argument',
  (value) => {
    if (isLonger(value, MAX_TEXT)) return atMost('An argument', MAX_TEXT);
    return NUL.test(value) ? 'An argument cannot contain the character NUL.' : null;
  },
  { maxLength: MAX_TEXT },
);

/** Linux accepts 64 characters. A template (`{{.Node.Hostname}}`) is filled in for each task. */
export const hostname = text(
  'A hostname',
  (name) => {
    if (name.includes('{{')) {
      if (isLonger(name, MAX_TEXT)) return atMost('A hostname', MAX_TEXT);
      return CONTROL.test(name) ? 'A hostname cannot contain control characters.' : null;
    }
    if (isLonger(name, 63)) return atMost('A hostname', 63);
    return name === '' || /^[a-z0-9]([-_.a-z0-9]*[a-z0-9])?$/i.test(name)
      ? null
      : 'A hostname has letters (a to z), digits, dots and -, and starts and ends with a letter or a digit.';
  },
  {
    description:
      'Also a template, which is filled in for each task: {{.Node.Hostname}}. Empty: the container’s id.',
    maxLength: MAX_TEXT,
  },
);

/** A list with a limited number of entries. */
export function list<T extends z.ZodMiniType>(item: T) {
  const error = `A list has at most ${MAX_ENTRIES} entries.`;
  return z.array(item, 'This has to be a list.').check(z.maxLength(MAX_ENTRIES, error));
}

/**
 * Refuses a form of which every value is short enough, and all together are not; the message stands at the longest one, its
 * name included.
 */
export function shortEnough<T>(): z.core.$ZodCheck<T> {
  return z.check<T>((context) => {
    const { length } = JSON.stringify(context.value);
    if (length <= MAX_FORM) return;
    const message = `All values together have ${length} characters, and at most ${MAX_FORM} are accepted: shorten this, the longest one.`;
    const path = longestValue(context.value).path;
    context.issues.push({ code: 'custom', input: context.value, path, message });
  });
}

function longestValue(value: unknown): { path: string[]; length: number } {
  if (typeof value !== 'object' || value === null) {
    return { path: [], length: JSON.stringify(value)?.length ?? 0 };
  }
  let longest: ReturnType<typeof longestValue> = { path: [], length: 0 };
  for (const [key, one] of Object.entries(value)) {
    const { path, length: own } = longestValue(one);
    const length = own + (Array.isArray(value) ? 0 : JSON.stringify(key).length);
    if (length > longest.length) longest = { path: [key, ...path], length };
  }
  return longest;
}

/** Without it a check is left out where the value is wrong in itself. */
const ALWAYS = { when: () => true };

/**
 * Values by name. The messages of a name stand at the path of its entry. `nullRemoves`: an entry whose value is null
 * is removed, so its name is not checked.
 */
export function entries<T extends z.ZodMiniType>(
  name: z.ZodMiniType<string, string>,
  value: T,
  { nullRemoves = false } = {},
) {
  return z.record(z.string(), value, 'This has to be an object of values by name.').check(
    z.check((context) => {
      // Also with values that are wrong, so that each field has its message at once.
      const given: unknown = context.value;
      if (typeof given !== 'object' || given === null || Array.isArray(given)) return;
      const all = Object.entries(given);
      if (all.length > MAX_ENTRIES) {
        const message = `There are at most ${MAX_ENTRIES} entries.`;
        context.issues.push({ code: 'custom', input: context.value, message });
        return;
      }
      for (const [key, entry] of all) {
        if (nullRemoves && entry === null) continue;
        for (const { message } of name.safeParse(key).error?.issues ?? []) {
          context.issues.push({ code: 'custom', input: key, path: [key], message });
        }
      }
    }, ALWAYS),
    z.meta({ maxProperties: MAX_ENTRIES }),
  );
}

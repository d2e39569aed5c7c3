import en from 'zod/v4/locales/en.js';
import * as z from 'zod/mini';
import { MAX_BODY, tooLong } from '../api';
import { HALF_CHARACTER, hasHalfCharacter } from '../swarm/spec/fields';
import { fieldErrors, type FieldError } from '../swarm/spec/form';
import { problemResponse } from './problem';

// zod/mini has no built-in messages. `z.locales` would bring all 50 languages.
z.config(en());

/** Maximum of fields that are named: a body can have thousands that are wrong. */
const MAX_ERRORS = 50;

/** Longest path of a field (characters). */
const MAX_PATH = 600;

/** The largest form has some 2,000 values. A schema would look at each of 200,000, which takes a second on a Pi. */
const MAX_VALUES = 5000;

/** The request's JSON body by its schema, or the problem document that answers it. */
export async function readJson<T>(
  request: Request,
  schema: z.ZodMiniType<T>,
  /** `empty`: what a request without a body stands for; `most`: the longest body (bytes). */
  { empty, most = MAX_BODY }: { empty?: unknown; most?: number } = {},
): Promise<{ ok: true; body: T } | { ok: false; response: Response }> {
  const refuse = (
    detail: string,
    kind: 'bad-request' | 'too-large' = 'bad-request',
    errors: FieldError[] = [],
    next?: string,
  ) => ({ ok: false as const, response: problemResponse(kind, detail, next, { errors }) });
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  const notJson = () => refuse('The body has to be JSON: Content-Type: application/json.');
  if (type !== 'application/json' && empty === undefined) return notJson();
  const text = await limitedText(request, most);
  if (text === null) {
    const { detail, next } = tooLong(most);
    return refuse(detail, 'too-large', [], next);
  }
  if (text === undefined) return refuse('The body is not UTF-8.');
  if (text !== '' && type !== 'application/json') return notJson();
  let json: unknown = empty;
  try {
    if (text !== '' || empty === undefined) json = JSON.parse(text);
  } catch {
    return refuse(text === '' ? 'The body is missing.' : 'The body is not JSON.');
  }
  const lost = lostTexts(json);
  if (lost === null) return refuse(`The body has more than ${MAX_VALUES} values.`);
  if (lost.length > 0) return refuse(inOneLine(lost.slice(0, 1)), 'bad-request', shown(lost));
  const parsed = schema.safeParse(json);
  if (parsed.success) return { ok: true, body: parsed.data };
  const errors = fieldErrors(parsed.error);
  const named = errors.filter(({ field }) => field !== '');
  return refuse(inOneLine(errors), 'bad-request', shown(named));
}

/** The errors that an answer has: a name of the sender's can be as long as the body. */
function shown(errors: readonly FieldError[]): FieldError[] {
  return errors
    .slice(0, MAX_ERRORS)
    .map(({ field, message }) => ({ field: field.slice(0, MAX_PATH), message }));
}

/** `replicas: Enter a whole number from 0 to 100.; force: There is no such field.` */
function inOneLine(errors: readonly FieldError[]): string {
  const more = errors.length - MAX_ERRORS;
  const parts = shown(errors).map(({ field, message }) => `${field || 'the body'}: ${message}`);
  return [...parts, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}

/**
 * The refusal of a body that is not JSON or has any field, for a change that needs none; null for no body. Forms of other
 * sites send such bodies.
 */
export async function refuseBody(request: Request): Promise<Response | null> {
  const read = await readJson(request, z.strictObject({}), { empty: {} });
  return read.ok ? null : read.response;
}

const LOST_NAME = 'This name cannot be used here.';

/**
 * What would be accepted and not be done as it was sent: keys that schemas leave out without a word, and texts that UTF-8
 * cannot carry to the engine. Null for more than `MAX_VALUES`.
 */
function lostTexts(json: unknown): FieldError[] | null {
  const found: FieldError[] = [];
  let values = 0;
  // No recursion: a body can have thousands of levels.
  const left: { path: string; value: unknown }[] = [{ path: '', value: json }];
  for (let part = left.pop(); part; part = left.pop()) {
    if (typeof part.value === 'string' && hasHalfCharacter(part.value)) {
      found.push({ field: part.path, message: HALF_CHARACTER });
    }
    if (typeof part.value !== 'object' || part.value === null) continue;
    values += Object.keys(part.value).length;
    if (values > MAX_VALUES) return null;
    for (const [key, value] of Object.entries(part.value)) {
      const path = part.path === '' ? key : `${part.path}.${key}`;
      if (key === '__proto__') found.push({ field: path, message: LOST_NAME });
      else if (hasHalfCharacter(key)) found.push({ field: path, message: HALF_CHARACTER });
      // Deeper ones are in no schema.
      else if (path.length < MAX_PATH) left.push({ path, value });
    }
  }
  return found;
}

/** With its byte order mark, which JSON cannot have. Replaced bytes would be another text than what was sent. */
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Null for more than `most` bytes; undefined for what is not UTF-8. */
async function limitedText(request: Request, most: number): Promise<string | null | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.byteLength;
    if (length > most) return null;
    chunks.push(chunk);
  }
  try {
    return UTF8.decode(Buffer.concat(chunks));
  } catch {
    return undefined;
  }
}

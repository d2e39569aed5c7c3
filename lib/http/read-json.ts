import en from 'zod/v4/locales/en.js';
import * as z from 'zod/mini';
import { MAX_BODY, TOO_LONG } from '../api';
import { HALF_CHARACTER, hasHalfCharacter } from '../swarm/spec/fields';
import { fieldErrors, type FieldError } from '../swarm/spec/form';
import { problemResponse } from './problem';

// zod/mini has no built-in messages. `z.locales` would bring all 50 languages.
z.config(en());

/** What is wrong with a value, in one line: `replicas: Too small: expected number to be >=0`. */
export function explain(error: z.core.$ZodError): string {
  return error.issues
    .map((issue) => `${issue.path.join('.') || 'the body'}: ${issue.message}`)
    .join('; ');
}

/** Maximum of fields that are named: a body can have thousands that are wrong. */
const MAX_ERRORS = 50;

/** Longest path of a field (characters). */
const MAX_PATH = 600;

/** The request's JSON body by its schema, or the problem document that answers it. */
export async function readJson<T>(
  request: Request,
  schema: z.ZodMiniType<T>,
  /** `empty`: what a request without a body stands for. */
  { empty }: { empty?: unknown } = {},
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
  const text = await limitedText(request);
  if (text === null) {
    return refuse(TOO_LONG.detail, 'too-large', [], TOO_LONG.next);
  }
  if (text !== '' && type !== 'application/json') return notJson();
  let json: unknown = empty;
  try {
    if (text !== '' || empty === undefined) json = JSON.parse(text);
  } catch {
    return refuse(text === '' ? 'The body is missing.' : 'The body is not JSON.');
  }
  const lost = lostTexts(json);
  if (lost.length > 0) {
    const [{ field, message } = { field: '', message: '' }] = lost;
    return refuse(`${field}: ${message}`, 'bad-request', lost.slice(0, MAX_ERRORS));
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return { ok: true, body: parsed.data };
  const errors = fieldErrors(parsed.error).filter(({ field }) => field !== '');
  return refuse(explain(parsed.error), 'bad-request', errors.slice(0, MAX_ERRORS));
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
 * cannot carry to the engine.
 */
function lostTexts(json: unknown): FieldError[] {
  const found: FieldError[] = [];
  // No recursion: a body can have thousands of levels.
  const left: { path: string; value: unknown }[] = [{ path: '', value: json }];
  for (let part = left.pop(); part; part = left.pop()) {
    if (typeof part.value === 'string' && hasHalfCharacter(part.value)) {
      found.push({ field: part.path, message: HALF_CHARACTER });
    }
    if (typeof part.value !== 'object' || part.value === null) continue;
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

async function limitedText(request: Request): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.byteLength;
    if (length > MAX_BODY) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

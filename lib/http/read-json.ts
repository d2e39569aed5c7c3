import * as z from 'zod/mini';
import { MAX_BODY } from '../api';
import { fieldErrors, type FieldError } from '../swarm/spec/form';
import { problemResponse } from './problem';

// zod/mini has no built-in messages.
z.config(z.locales.en());

/** What is wrong with a value, in one line: `replicas: Too small: expected number to be >=0`. */
export function explain(error: z.core.$ZodError): string {
  return error.issues
    .map((issue) => `${issue.path.join('.') || 'the body'}: ${issue.message}`)
    .join('; ');
}

/** Maximum of fields that are named: a body can have thousands that are wrong. */
const MAX_ERRORS = 50;

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
  ) => ({ ok: false as const, response: problemResponse(kind, detail, undefined, { errors }) });
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  const notJson = () => refuse('The body has to be JSON: Content-Type: application/json.');
  if (type !== 'application/json' && empty === undefined) return notJson();
  const text = await limitedText(request);
  if (text === null) {
    return refuse(`The body is longer than ${MAX_BODY} bytes.`, 'too-large');
  }
  if (text !== '' && type !== 'application/json') return notJson();
  let json: unknown = empty;
  try {
    if (text !== '' || empty === undefined) json = JSON.parse(text);
  } catch {
    return refuse(text === '' ? 'The body is missing.' : 'The body is not JSON.');
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return { ok: true, body: parsed.data };
  const errors = fieldErrors(parsed.error).filter(({ field }) => field !== '');
  return refuse(explain(parsed.error), 'bad-request', errors.slice(0, MAX_ERRORS));
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

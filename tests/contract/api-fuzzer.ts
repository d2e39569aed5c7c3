import { Ajv2020, type Validate } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { spoiled, valid } from './from-schema';

interface Content {
  schema: Record<string, unknown>;
}
interface Operation {
  parameters?: { name: string; in: string; schema: Record<string, unknown> }[];
  requestBody?: { content: Record<string, Content> };
  responses: Record<string, { content?: Record<string, Content> }>;
}
interface ApiDocument extends Record<string, unknown> {
  paths: Record<string, Record<string, Operation>>;
}

/** A request of the document. */
export interface MadeRequest {
  /** `PATCH /api/nodes/{id}` */
  operation: string;
  path: string;
  type?: string | undefined;
  body?: string | undefined;
  authorization?: string | undefined;
}

/** Would take the demo away from the other requests, or their time. */
const SLOW_FAULTS = /"path":"\/(engine|fill|chatter)"/;
/** Runs that end by themselves within a second. */
const withShortRuns = (body: unknown) =>
  typeof body === 'object' && body !== null && 'seconds' in body ? { ...body, seconds: 1 } : body;

/** What is sent where the document has no body: usually nothing. */
const unexpectedBody = (operation: string): fc.Arbitrary<string | undefined> =>
  /^(GET|HEAD) /.test(operation)
    ? fc.constant(undefined)
    : fc.oneof(
        { weight: 9, arbitrary: fc.constant(undefined) },
        fc.constantFrom('', '{}', '{"force":true}', 'force=1'),
      );

/** Operations whose answers have no content, where all goes well. */
export const isBare = (operation: string) => /^(HEAD|OPTIONS) /.test(operation);

/** Makes requests from an API's own document, and finds what is wrong with their answers. */
export class ApiFuzzer {
  readonly document: ApiDocument;
  readonly #url: string;
  readonly #ajv: Ajv2020;
  readonly #validators = new Map<string, Validate>();

  /** `authorizations`: what requests send as that header. */
  constructor(
    url: string,
    document: object,
    private readonly authorizations: readonly (string | undefined)[] = [undefined],
  ) {
    this.#url = url;
    this.document = document as ApiDocument;
    this.#ajv = new Ajv2020({ strict: false, allErrors: true }).addSchema(document, 'api');
  }

  /** `GET /api/swarm` and so on. */
  get operations(): string[] {
    return Object.entries(this.document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
  }

  /** Any request, many of them wrong in some way. */
  request(): fc.Arbitrary<MadeRequest> {
    const bare = this.operations.filter(isBare);
    const others = this.operations.filter((operation) => !isBare(operation));
    const anyOperation = fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom(...others) },
      { weight: 1, arbitrary: fc.constantFrom(...bare) },
    );
    return anyOperation.chain((operation) => {
      const { parameters = [], requestBody } = this.#operation(operation);
      const inPath = parameters.filter((one) => one.in === 'path');
      const inQuery = parameters.filter((one) => one.in === 'query');
      const value = (schema: Record<string, unknown>) =>
        fc.oneof({ weight: 4, arbitrary: valid(schema, this.document) }, fc.string());
      return fc
        .record({
          names: fc.tuple(...inPath.map(() => aName())),
          query: fc.tuple(
            ...inQuery.map(({ name, schema }) =>
              fc.option(value(schema).map((one) => [name, String(one)])),
            ),
          ),
          body: requestBody ? this.#body(requestBody) : unexpectedBody(operation),
          type: fc.oneof(
            { weight: 9, arbitrary: fc.constant('application/json') },
            fc.constant('text/plain'),
          ),
          authorization: fc.constantFrom(...this.authorizations),
        })
        .map(({ names, query, body, type, authorization }) => {
          const given = query.filter((one) => one !== null);
          const search = new URLSearchParams(given).toString();
          const path = operation.split(' ')[1] ?? '';
          let at = 0;
          const filled = path.replaceAll(/\{\w+\}/g, () => encodeURIComponent(names[at++] ?? ''));
          return {
            operation,
            path: search === '' ? filled : `${filled}?${search}`,
            ...(body === undefined ? {} : { body, type }),
            ...(authorization === undefined ? {} : { authorization }),
          };
        })
        .filter(({ body }) => body === undefined || !SLOW_FAULTS.test(body));
    });
  }

  #operation(operation: string): Operation {
    const [method = '', path = ''] = operation.split(' ');
    const found = this.document.paths[path]?.[method.toLowerCase()];
    if (!found) throw new Error(`${operation} is not in the document`);
    return found;
  }

  #body({ content }: NonNullable<Operation['requestBody']>): fc.Arbitrary<string> {
    const schema = content['application/json']?.schema ?? {};
    const value = valid(schema, this.document).map(withShortRuns);
    const json = fc.oneof(
      { weight: 3, arbitrary: value },
      value.chain((one) => spoiled(one).map(withShortRuns)),
    );
    return fc.oneof(
      { weight: 20, arbitrary: json.map((one) => JSON.stringify(one) ?? '') },
      fc.constantFrom('', '{', 'null', '[]', `"${'x'.repeat(11_000)}"`),
    );
  }

  /** Sends HEAD and OPTIONS of every path with `names` in it; returns what is wrong with their answers. */
  async bareProblems(names: string, authorization?: string): Promise<unknown[]> {
    const problems = await Promise.all(
      this.operations.filter(isBare).map(async (operation) => {
        const [method = '', template = ''] = operation.split(' ');
        const path = template.replaceAll(/\{\w+\}/g, encodeURIComponent(names));
        const { status, problem } = await this.send({ operation, path, authorization });
        if (problem !== null) return [{ operation, problem }];
        if (method === 'OPTIONS') return status === 204 ? [] : [{ operation, status }];
        const got = await this.send({ operation: `GET ${template}`, path, authorization });
        return got.status === status ? [] : [{ operation, status, got }];
      }),
    );
    return problems.flat();
  }

  /** Sends a request; returns its status and what is wrong with its answer, null if nothing is. */
  async send(made: MadeRequest): Promise<{ status: number; problem: unknown }> {
    const { operation, path, type, body, authorization } = made;
    const left = new AbortController();
    const response = await fetchAgain(this.#url + path, {
      method: operation.split(' ')[0] ?? '',
      headers: {
        ...(type === undefined ? {} : { 'content-type': type }),
        ...(authorization === undefined ? {} : { authorization }),
      },
      ...(body === undefined ? {} : { body }),
      signal: left.signal,
      redirect: 'manual',
    });
    const problem = await this.#problemWith(operation, response);
    left.abort();
    return { status: response.status, problem };
  }

  async #problemWith(operation: string, response: Response): Promise<unknown> {
    const { status } = response;
    const listed = this.#operation(operation).responses[status];
    if (!listed) return `${status} is not listed: ${(await response.text()).slice(0, 300)}`;
    if (operation.startsWith('HEAD ')) {
      return (await response.text()) === '' ? null : `${status} with a body`;
    }
    const media = response.headers.get('content-type')?.split(';')[0] ?? '';
    if (media === '') return status === 204 ? null : `${status} without content`;
    const content = listed.content?.[media];
    if (!content) return `${status} with ${media} is not listed`;
    if (!media.endsWith('json')) {
      // A stream would not end.
      await response.body?.cancel();
      return null;
    }
    const json: unknown = await response.json();
    const key = `${operation} ${status} ${media}`;
    let validate = this.#validators.get(key);
    if (!validate) {
      const text = JSON.stringify(content.schema).replaceAll('"#/', '"api#/');
      validate = this.#ajv.compile(JSON.parse(text));
      this.#validators.set(key, validate);
    }
    return validate(json) ? null : { status, errors: validate.errors, json };
  }
}

/** Sends a request, again where it was sent on a connection that the server had closed as idle. */
async function fetchAgain(url: string, options: RequestInit): Promise<Response> {
  try {
    return await fetch(url, options);
  } catch (error) {
    const { code } = ((error as Error).cause ?? {}) as { code?: string };
    if (code !== 'ECONNRESET' && code !== 'UND_ERR_SOCKET') throw error;
    return fetch(url, options);
  }
}

function aName(): fc.Arbitrary<string> {
  return fc.oneof(
    fc.constantFrom('goweb', 'ctrl', 'zero1', 'zero4', 'goweb.1', 'goweb.2', 'nosuch'),
    fc.string({ minLength: 1, maxLength: 12 }),
    fc.string({ minLength: 1, maxLength: 6, unit: 'grapheme' }),
  );
}

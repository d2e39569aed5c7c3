import { Ajv2020, type Validate } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startRouteServer } from '@/tests/support/route-server';
import { demoEngine, type TestEngine } from './engines';
import { resolve, spoiled, valid } from './from-schema';

/**
 * Requests that are made from the API's own document, sent to a dashboard on the demo swarm: no defect, no status that the
 * document does not list, and every answer is as its schema has it.
 */

interface Content {
  schema: Record<string, unknown>;
}
interface Operation {
  parameters?: { name: string; in: string; schema: Record<string, unknown> }[];
  requestBody?: { content: Record<string, Content> };
  responses: Record<string, { content?: Record<string, Content> }>;
}
interface Document extends Record<string, unknown> {
  paths: Record<string, Record<string, Operation>>;
}

let engine: TestEngine;
let server: Awaited<ReturnType<typeof startRouteServer>>;
let document: Document;
let ajv: Ajv2020;
const validators = new Map<string, Validate>();

beforeAll(async () => {
  engine = await demoEngine();
  vi.stubEnv('DOCKER_HOST', `unix://${engine.socketPath}`);
  vi.stubEnv('HOSTNAME', '127.0.0.1');
  vi.stubEnv('LOG_LEVEL', 'error');
  for (const name of ['DASHBOARD_PASSWORD', 'DASHBOARD_TOKEN']) vi.stubEnv(name, '');
  server = await startRouteServer();
  const response = await fetch(`${server.url}/api/openapi.json`);
  document = (await response.json()) as Document;
  ajv = new Ajv2020({ strict: false, allErrors: true }).addSchema(document, 'api');
});
afterAll(async () => {
  await server.close();
  await engine.close();
  vi.unstubAllEnvs();
});

/** A request of the document. */
interface Made {
  operation: string;
  method: string;
  path: string;
  type?: string | undefined;
  body?: string | undefined;
}

/** Would take the demo away from the other requests, or their time. */
const SLOW_FAULTS = /"path":"\/(engine|fill|chatter)"/;
/** Runs that end by themselves within a second. */
const withShortRuns = (body: unknown) =>
  typeof body === 'object' && body !== null && 'seconds' in body ? { ...body, seconds: 1 } : body;

function aRequest(): fc.Arbitrary<Made> {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  return fc.constantFrom(...operations).chain(({ path, method, operation }) => {
    const { parameters = [], requestBody } = operation;
    const inPath = parameters.filter((one) => one.in === 'path');
    const inQuery = parameters.filter((one) => one.in === 'query');
    return fc
      .record({
        names: fc.tuple(...inPath.map(() => aName())),
        query: fc.tuple(
          ...inQuery.map(({ name, schema }) =>
            fc.option(
              fc
                .oneof({ weight: 4, arbitrary: valid(schema, document) }, fc.string())
                .map((value) => [name, String(value)] as const),
            ),
          ),
        ),
        body: requestBody ? aBody(requestBody) : fc.constant(undefined),
        type: fc.oneof(
          { weight: 9, arbitrary: fc.constant('application/json') },
          fc.constant('text/plain'),
        ),
      })
      .map(({ names, query, body, type }) => {
        const given = query.filter((one) => one !== null).map(([name, value]) => [name, value]);
        const search = new URLSearchParams(given).toString();
        let at = 0;
        const filled = path.replaceAll(/\{\w+\}/g, () => encodeURIComponent(names[at++] ?? ''));
        return {
          operation: `${method.toUpperCase()} ${path}`,
          method: method.toUpperCase(),
          path: search === '' ? filled : `${filled}?${search}`,
          ...(body === undefined ? {} : { body, type }),
        };
      })
      .filter(({ body }) => body === undefined || !SLOW_FAULTS.test(body));
  });
}

function aName(): fc.Arbitrary<string> {
  return fc.oneof(
    fc.constantFrom('goweb', 'ctrl', 'zero1', 'zero4', 'goweb.1', 'goweb.2', 'nosuch'),
    fc.string({ minLength: 1, maxLength: 12 }),
    fc.string({ minLength: 1, maxLength: 6, unit: 'grapheme' }),
  );
}

function aBody({ content }: NonNullable<Operation['requestBody']>): fc.Arbitrary<string> {
  const schema = content['application/json']?.schema ?? {};
  const value = valid(schema, document).map(withShortRuns);
  const json = fc.oneof(
    { weight: 3, arbitrary: value },
    value.chain((one) => spoiled(one).map(withShortRuns)),
  );
  return fc.oneof(
    { weight: 20, arbitrary: json.map((one) => JSON.stringify(one) ?? '') },
    fc.constantFrom('', '{', 'null', '[]', `"${'x'.repeat(11_000)}"`),
  );
}

/** Sends a request; returns what is wrong with its answer, null if nothing is. */
async function problemWith({ operation, method, path, type, body }: Made): Promise<unknown> {
  const left = new AbortController();
  const response = await fetch(server.url + path, {
    method,
    headers: type === undefined ? {} : { 'content-type': type },
    ...(body === undefined ? {} : { body }),
    signal: left.signal,
    redirect: 'manual',
  });
  const { status } = response;
  const [verb = '', pattern = ''] = operation.split(' ');
  const listed = document.paths[pattern]?.[verb.toLowerCase()]?.responses[status];
  if (!listed) return `${status} is not listed: ${(await response.text()).slice(0, 300)}`;
  const media = response.headers.get('content-type')?.split(';')[0] ?? '';
  if (media === '') return status === 204 ? null : `${status} without content`;
  const content = listed.content?.[media];
  if (!content) return `${status} with ${media} is not listed`;
  if (!media.endsWith('json')) {
    // A stream would not end.
    await response.body?.cancel();
    left.abort();
    return null;
  }
  const json: unknown = await response.json();
  const key = `${operation} ${status} ${media}`;
  let validate = validators.get(key);
  if (!validate) {
    const text = JSON.stringify(content.schema).replaceAll('"#/', '"api#/');
    validate = ajv.compile(JSON.parse(text));
    validators.set(key, validate);
  }
  return validate(json) ? null : { status, errors: validate.errors, json };
}

/** The echo service, where a request has removed it. */
async function restoreSwarm(): Promise<void> {
  const json = { 'content-type': 'application/json' };
  const fault = { path: '/reset', body: {} };
  await fetch(`${server.url}/api/demo`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify(fault),
  });
  const body = JSON.stringify({
    name: 'goweb',
    image: 'carmeloc/goweb:1.0',
    replicas: 3,
    ports: [{ target: 8080, published: 8888 }],
  });
  await fetch(`${server.url}/api/services`, { method: 'POST', headers: json, body });
}

test('every answer to any request is one that the document has', async () => {
  const seen = new Map<string, number>();
  await fc.assert(
    fc
      .asyncProperty(fc.array(aRequest(), { minLength: 1, maxLength: 12 }), async (requests) => {
        for (const request of requests) {
          const problem = await problemWith(request);
          expect({ request, problem }).toEqual({ request, problem: null });
          seen.set(request.operation, (seen.get(request.operation) ?? 0) + 1);
        }
      })
      .beforeEach(restoreSwarm),
    { numRuns: 60 },
  );
  expect(server.defects).toEqual([]);
  // The requests reach the whole API.
  expect(seen.size).toBe(
    Object.values(document.paths).reduce((sum, methods) => sum + Object.keys(methods).length, 0),
  );
});

test('requests as the document describes them are answered well', async () => {
  await restoreSwarm();
  const send = async (method: string, path: string, body?: unknown) => {
    const made: Made = {
      operation: `${method} ${path.replace(/\?.*/, '').replace(/(services|nodes|tasks)\/[^/]+/, (_, kind) => `${kind}/{${kind === 'services' ? 'name' : 'id'}}`)}`,
      method,
      path,
      ...(body === undefined ? {} : { body: JSON.stringify(body), type: 'application/json' }),
    };
    return problemWith(made);
  };
  for (const [method, path, body] of [
    ['GET', '/api/swarm'],
    ['GET', '/api/timeline'],
    ['GET', '/api/timeline?from=0&to=1'],
    ['GET', '/api/services/goweb'],
    ['GET', '/api/services/goweb?secrets'],
    ['GET', '/api/nodes/zero1'],
    ['GET', '/api/tasks/goweb.1'],
    ['GET', '/api/demo'],
    ['GET', '/api/session'],
    ['GET', '/api/runs'],
    ['GET', '/metrics'],
    ['GET', '/healthz'],
    ['GET', '/readyz'],
    ['GET', '/api/services/goweb/logs?follow=0'],
    ['POST', '/api/services?dry-run', { name: 'a', image: 'carmeloc/goweb:1.0' }],
    ['PATCH', '/api/services/goweb?dry-run', { image: 'carmeloc/goweb:1.1', env: { A: 'b' } }],
    ['PATCH', '/api/services/goweb', { env: { A: 'b' } }],
    ['POST', '/api/services/goweb/rollback?dry-run'],
    ['POST', '/api/services/goweb/rollback'],
    ['POST', '/api/services/goweb/restart?dry-run'],
    ['POST', '/api/services/goweb/restart'],
    ['POST', '/api/services/goweb/scale', { replicas: 2 }],
    ['DELETE', '/api/services/goweb?dry-run'],
    ['PATCH', '/api/nodes/zero1?dry-run', { availability: 'drain', role: 'manager' }],
    ['PATCH', '/api/nodes/zero1', { labels: { a: 'b' } }],
    ['DELETE', '/api/nodes/zero1?dry-run'],
    ['POST', '/api/image-lookup', { image: 'carmeloc/goweb:1.0' }],
    ['POST', '/api/join-command'],
    ['POST', '/api/join-command', { role: 'manager', rotate: true }],
    ['POST', '/api/runs', { service: 'goweb', publishedPort: 8888, seconds: 1 }],
    ['DELETE', '/api/session'],
  ] as const) {
    expect([method, path, await send(method, path, body)]).toEqual([method, path, null]);
  }
});

test('a reference of the document is resolved', () => {
  expect(resolve('#/components/schemas/Problem', document)).toMatchObject({ type: 'object' });
});

import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { drillRequestSchema, signInRequestSchema } from '@/lib/api';
import { runRequestSchema } from '@/lib/curl/run-schemas';
import { demoBodies } from '@/lib/demo-control';
import { createServiceSchema } from '@/lib/swarm/spec/form';
import { patchNodeSchema } from '@/lib/swarm/spec/node-form';
import { everyRoute } from '@/tests/support/routes';
import { openApiDocument } from './document';

interface Document {
  paths: Record<
    string,
    Record<
      string,
      { operationId: string; parameters?: unknown; responses: Record<string, unknown> }
    >
  >;
  components: { schemas: Record<string, unknown> };
  servers: { url: string }[];
}
const document = openApiDocument({
  version: '1.2.3',
  maxReplicas: 20,
  prefix: '',
}) as unknown as Document;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    name: `${method.toUpperCase()} ${path}`,
    operation,
  })),
);

test('is valid by the schema of OpenAPI 3.1', async () => {
  expect(await new Validator().validate(structuredClone(document))).toMatchObject({ valid: true });
});

test('has every method of every route, and nothing else', async () => {
  const routes = (await everyRoute())
    .map(({ name }) => name.replaceAll(/\[(\w+)\]/g, '{$1}'))
    // Next answers HEAD by GET, and the server in front of it OPTIONS.
    .flatMap((name) => [
      name,
      ...(name.startsWith('GET ') ? [name.replace('GET', 'HEAD')] : []),
      name.replace(/^\w+/, 'OPTIONS'),
    ]);
  expect(operations.map(({ name }) => name).sort()).toEqual([...new Set(routes)].sort());
});

test('has no reference that leads nowhere, and no schema that nothing refers to', () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(
    ([, reference = '']) => reference.replace('#/components/schemas/', ''),
  );
  expect([...new Set(references)].sort()).toEqual(Object.keys(document.components.schemas).sort());
});

test('names each operation once', () => {
  const ids = operations.map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
});

test('lists the statuses that any request can have', () => {
  for (const { name, operation } of operations) {
    const statuses = Object.keys(operation.responses);
    expect([name, statuses]).toEqual([name, expect.arrayContaining(['400', '403', '413', '503'])]);
  }
});

test.each<[z.ZodMiniType, most: number, made: (text: string) => object]>([
  [signInRequestSchema, 1000, (password) => ({ password })],
  [runRequestSchema, 200, (service) => ({ service, publishedPort: 1 })],
  [runRequestSchema, 200, (entryNode) => ({ service: 'a', publishedPort: 1, entryNode })],
  [drillRequestSchema, 200, (node) => ({ kind: 'drain', node })],
  [drillRequestSchema, 200, (task) => ({ kind: 'kill', task })],
  [demoBodies['/node'], 300, (node) => ({ node })],
])(
  'a text that is as long as its schema says is accepted, whatever it has',
  (schema, most, made) => {
    expect(JSON.stringify(z.toJSONSchema(schema, { io: 'input' }))).toContain(
      `"maxLength":${most}`,
    );
    expect(schema.safeParse(made('🚀'.repeat(most))).success).toBe(true);
    expect(schema.safeParse(made('🚀'.repeat(most + 1))).success).toBe(false);
  },
);

test('HEAD has the parameters and statuses of GET, and no content', () => {
  for (const [path, { get, head }] of Object.entries(document.paths)) {
    expect([path, head === undefined]).toEqual([path, get === undefined]);
    if (!get || !head) continue;
    expect(Object.keys(head.responses)).toEqual(Object.keys(get.responses));
    expect(head.parameters).toEqual(get.parameters);
    expect(JSON.stringify(head)).not.toContain('content');
  }
});

test('names the path of a proxy as its server', () => {
  const { servers } = openApiDocument({ version: '', maxReplicas: 1, prefix: '/hat' });
  expect(servers).toMatchObject([{ url: '/hat' }]);
});

test('refuses no request that the server accepts, and none that is longer than it accepts', () => {
  const ajv = new Ajv2020({ strict: false }).addSchema(document, 'api');
  const [create, patch] = ['CreateService', 'PatchNode'].map((name) =>
    ajv.compile({ $ref: `api#/components/schemas/${name}` }),
  );
  const service = createServiceSchema(20);
  const base = { name: 'a', image: 'a' };
  const fields: ((text: string) => object)[] = [
    (name) => ({ name }),
    (image) => ({ image }),
    (memory) => ({ limits: { memory } }),
    (delay) => ({ update: { delay } }),
    (one) => ({ constraints: [one] }),
    (one) => ({ preferences: [one] }),
    (one) => ({ args: [one] }),
    (hostname) => ({ hostname }),
    (value) => ({ env: { A: value } }),
    (name) => ({ labels: { [name]: 'a' } }),
  ];
  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom(
      'goweb',
      'spread=NODE.labels.a',
      'a==b',
      'a.b != c',
      '{{.Node.ID}}',
      '1m',
      '4G',
    ),
    fc.constantFrom('', 'x'.repeat(63), 'x'.repeat(4096), '😀'.repeat(2048)),
  );
  fc.assert(
    fc.property(fc.constantFrom(...fields), text, (field, value) => {
      const made = { ...base, ...field(value) };
      const isAccepted = service.safeParse(made).success;
      expect([made, isAccepted && create?.(made) === false]).toEqual([made, false]);
    }),
  );
  // The rules of an image's name, and of those of labels, have no words there.
  for (const field of fields.filter((_, at) => ![1, 9].includes(at))) {
    const made = { ...base, ...field('x'.repeat(5000)) };
    expect([made, service.safeParse(made).success, create?.(made)]).toEqual([made, false, false]);
  }
  const labels = (count: number) => ({
    labels: Object.fromEntries(Array.from({ length: count }, (_, n) => [`l${n}`, null])),
  });
  for (const count of [100, 101]) {
    const fits = count === 100;
    expect(patchNodeSchema.safeParse(labels(count)).success).toBe(fits);
    expect(patch?.(labels(count))).toBe(fits);
  }
});

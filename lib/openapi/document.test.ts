import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, test } from 'vitest';
import { everyRoute } from '@/tests/support/routes';
import { openApiDocument } from './document';

interface Document {
  paths: Record<
    string,
    Record<string, { operationId: string; responses: Record<string, unknown> }>
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
    .filter((name) => !name.startsWith('HEAD '));
  expect(operations.map(({ name }) => name).sort()).toEqual(routes.sort());
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

test('names the path of a proxy as its server', () => {
  const { servers } = openApiDocument({ version: '', maxReplicas: 1, prefix: '/hat' });
  expect(servers).toMatchObject([{ url: '/hat' }]);
});

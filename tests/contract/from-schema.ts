import fc from 'fast-check';

/** Values for fast-check, made from JSON Schemas as the API's document has them. */

type Schema = Record<string, unknown>;

/** A value that the schema accepts. `root`: the document that its references are in. */
export function valid(schema: Schema, root: Schema): fc.Arbitrary<unknown> {
  const { $ref } = schema;
  if (typeof $ref === 'string') return valid(resolve($ref, root), root);
  for (const key of ['anyOf', 'oneOf']) {
    const options = schema[key];
    if (Array.isArray(options)) return fc.oneof(...options.map((one: Schema) => valid(one, root)));
  }
  if ('const' in schema) return fc.constant(schema['const']);
  if (Array.isArray(schema['enum'])) return fc.constantFrom<unknown>(...schema['enum']);
  switch (schema['type']) {
    case 'object':
      return object(schema, root);
    case 'array': {
      const items = (schema['items'] ?? {}) as Schema;
      return fc.array(valid(items, root), { maxLength: 3 });
    }
    case 'integer': {
      const [min, max] = bounds(schema, 2 ** 31);
      return fc.integer({ min, max });
    }
    case 'number': {
      const [min, max] = bounds(schema, 1e9);
      return fc.double({ min, max, noNaN: true });
    }
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'string':
      return text(schema);
    default:
      return fc.jsonValue();
  }
}

function bounds(schema: Schema, most: number): [number, number] {
  const limit = (key: string, otherwise: number) =>
    Math.max(-most, Math.min(most, Number(schema[key] ?? otherwise)));
  return [Math.ceil(limit('minimum', -most)), Math.floor(limit('maximum', most))];
}

/** What forms hold, and anything. */
function text({ pattern, minLength = 0 }: Schema): fc.Arbitrary<string> {
  if (typeof pattern === 'string') return fc.stringMatching(new RegExp(pattern));
  return fc.oneof(
    fc.constantFrom('goweb', 'carmeloc/goweb:1.1', '10s', '64M', 'node.role==worker', 'zero1', '1'),
    fc.string({ minLength: Number(minLength), maxLength: 20, unit: 'binary' }),
  );
}

function object(schema: Schema, root: Schema): fc.Arbitrary<unknown> {
  const properties = (schema['properties'] ?? {}) as Record<string, Schema>;
  const required = (schema['required'] ?? []) as string[];
  const known = fc.record(
    Object.fromEntries(Object.entries(properties).map(([key, one]) => [key, valid(one, root)])),
    { requiredKeys: required, noNullPrototype: true },
  );
  const more = schema['additionalProperties'];
  if (typeof more !== 'object' || more === null) return known;
  const others = fc.dictionary(fc.string({ maxLength: 10 }), valid(more as Schema, root), {
    maxKeys: 3,
    noNullPrototype: true,
  });
  return fc.tuple(others, known).map(([a, b]) => ({ ...a, ...b }));
}

/** The part of the document at `#/components/schemas/Run`. */
export function resolve(reference: string, root: Schema): Schema {
  return reference
    .slice(2)
    .split('/')
    .reduce<Schema>((part, key) => part[key] as Schema, root);
}

/** The value with one part of it, or all of it, replaced by any JSON. */
export function spoiled(value: unknown): fc.Arbitrary<unknown> {
  const odd = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom<unknown>(null, -1, 1e308, '', '\0', 'x'.repeat(5000), [], {}, true),
  );
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) return odd;
  return fc.oneof(
    odd,
    fc
      .tuple(fc.constantFrom(...Object.keys(value)), odd)
      .map(([key, one]) =>
        Array.isArray(value)
          ? value.map((entry: unknown, at) => (String(at) === key ? one : entry))
          : { ...value, [key]: one },
      ),
    fc.tuple(fc.string({ maxLength: 8 }), odd).map(([key, one]) => ({ ...value, [key]: one })),
  );
}

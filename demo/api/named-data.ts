import * as z from 'zod/mini';
import type { NamedData } from '../named-data';
import { parseBody } from '../spec/parse-body';
import type { Swarm } from '../swarm';
import {
  checkContentType,
  empty,
  hasLabels,
  json,
  readFilters,
  route,
  startsWithAny,
  versionOf,
  type ApiRoute,
} from './http';

const FILTERS = ['names', 'name', 'id', 'label'];

const nullish = <T extends z.core.$ZodType>(schema: T) => z.optional(z.nullable(schema));
const newDatum = z.object({
  Name: z._default(z.string(), ''),
  Labels: nullish(z.record(z.string(), z.string())),
  Data: nullish(z.string()),
});

/** `/secrets` and `/configs`: list, create, inspect, update, remove. */
export function namedDataRoutes(swarm: Swarm): ApiRoute[] {
  return [swarm.secrets, swarm.configs].flatMap((data) => routesOf(swarm, data));
}

function routesOf({ release }: Swarm, data: NamedData): ApiRoute[] {
  const path = `/${data.kind}s`;
  return [
    route('GET', path, true, ({ query }) => {
      const filters = readFilters(query, FILTERS, release);
      const found = data
        .all()
        .filter(
          ({ ID, Spec }) =>
            startsWithAny(filters.get('name'), Spec.Name) &&
            (filters.get('names')?.includes(Spec.Name) ?? true) &&
            startsWithAny(filters.get('id'), ID) &&
            hasLabels(Spec.Labels, filters.get('label') ?? []),
        );
      return json(found);
    }),
    route('POST', `${path}/create`, true, ({ body, request }) => {
      checkContentType(body, request.headers['content-type'], release);
      const { Name, Labels, Data } = parseBody(newDatum, body, release);
      return json({ ID: data.create(Name, Labels ?? {}, Data ?? '').ID }, 201);
    }),
    route('GET', `${path}/:id`, true, ({ params }) => json(data.get(params[0] ?? ''))),
    route('POST', `${path}/:id/update`, true, ({ params, query, body, request }) => {
      checkContentType(body, request.headers['content-type'], release);
      const { Labels } = parseBody(newDatum, body, release);
      data.update(params[0] ?? '', versionOf(query, data.kind), Labels ?? {});
      return empty();
    }),
    route('DELETE', `${path}/:id`, true, ({ params }) => {
      data.remove(params[0] ?? '');
      return empty(204);
    }),
  ];
}

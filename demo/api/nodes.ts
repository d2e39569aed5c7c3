import { DemoEngineError } from '../errors';
import { readNodeSpec } from '../spec/node';
import type { Swarm } from '../swarm';
import {
  byId,
  checkContentType,
  empty,
  flag,
  hasLabels,
  jsonList,
  rawJson,
  readFilters,
  route,
  startsWithAny,
  type ApiRoute,
  versionOf,
} from './http';

const FILTERS = ['name', 'id', 'label', 'node.label', 'role', 'membership'];

/** `/nodes`: list, inspect, update, remove. */
export function nodeRoutes(swarm: Swarm): ApiRoute[] {
  const node = (text: string | undefined) => swarm.node(text ?? '');
  return [
    route('GET', '/nodes', true, ({ query }) => {
      const filters = readFilters(query, FILTERS, swarm.release);
      const names = filters.get('name');
      const ids = filters.get('id');
      const roles = filters.get('role');
      for (const role of roles ?? []) {
        if (role !== 'manager' && role !== 'worker') {
          throw new DemoEngineError(500, `Invalid role filter: '${role}'`);
        }
      }
      const memberships = filters.get('membership');
      for (const membership of memberships ?? []) {
        if (membership !== 'accepted' && membership !== 'pending') {
          throw new DemoEngineError(500, `Invalid membership filter: '${membership}'`);
        }
      }
      const found = byId(swarm.store.nodes.values()).filter(
        ({ api }) =>
          startsWithAny(names, api.Description.Hostname) &&
          startsWithAny(ids, api.ID) &&
          (!roles || roles.includes(api.Spec.Role)) &&
          (!memberships || memberships.includes('accepted')) &&
          hasLabels(api.Spec.Labels, filters.get('node.label') ?? []) &&
          hasLabels(api.Description.Engine.Labels ?? {}, filters.get('label') ?? []),
      );
      return jsonList(found.map(swarm.store.jsonOf));
    }),
    route('GET', '/nodes/:id', true, ({ params }) => rawJson(swarm.store.jsonOf(node(params[0])))),
    route('POST', '/nodes/:id/update', true, ({ params, query, body, request }) => {
      checkContentType(body, request.headers['content-type'], swarm.release);
      const version = versionOf(query, 'node');
      swarm.updateNode(node(params[0]), version, readNodeSpec(body, swarm.release));
      return empty();
    }),
    route('DELETE', '/nodes/:id', true, ({ params, query }) => {
      swarm.removeNode(node(params[0]), flag(query, 'force'));
      return empty();
    }),
  ];
}

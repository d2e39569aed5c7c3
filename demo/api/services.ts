import { DemoEngineError } from '../errors';
import { readServiceSpec, withDefaults } from '../spec';
import { jsonOf, serviceAsListed, type ServiceRecord } from '../store';
import type { Swarm } from '../swarm';
import {
  byId,
  empty,
  flag,
  hasLabels,
  json,
  jsonList,
  rawJson,
  readFilters,
  route,
  type ApiRoute,
  versionOf,
} from './http';

const FILTERS = ['name', 'id', 'label', 'mode', 'runtime'];

/** `/services`: list, create, inspect, update, remove. */
export function serviceRoutes(swarm: Swarm): ApiRoute[] {
  const service = (text: string | undefined) => swarm.service(text ?? '');
  return [
    route('GET', '/services', true, ({ query }) => {
      const filters = readFilters(query, FILTERS);
      const names = filters.get('name');
      const ids = filters.get('id');
      const modes = filters.get('mode');
      const found = byId(swarm.store.services.values()).filter(
        ({ api }) =>
          (!names || names.some((name) => api.Spec.Name.startsWith(name))) &&
          (!ids || ids.some((id) => api.ID.startsWith(id))) &&
          (!modes || modes.includes(modeOf(api.Spec.Mode))) &&
          hasLabels(api.Spec.Labels, filters.get('label') ?? []),
      );
      const withStatus = flag(query, 'status');
      return jsonList(
        found.map((record) => (withStatus ? statusJson(swarm, record) : jsonOf(record))),
      );
    }),
    route('POST', '/services/create', true, ({ body, request }) => {
      checkAuth(request.headers['x-registry-auth']);
      const spec = swarm.networks.resolve(readServiceSpec(body, swarm.random));
      return json({ ID: swarm.createService(spec).api.ID }, 201);
    }),
    route('GET', '/services/:id', true, ({ params, query }) => {
      const record = service(params[0]);
      if (!flag(query, 'insertDefaults')) return rawJson(jsonOf(record));
      return json({ ...serviceAsListed(record.api), Spec: withDefaults(record.api.Spec) });
    }),
    route('POST', '/services/:id/update', true, ({ params, query, body }) => {
      const version = versionOf(query, 'service');
      const rollback = query.get('rollback') ?? '';
      if (!['', 'none', 'previous'].includes(rollback)) {
        throw new DemoEngineError(500, `unrecognized rollback option ${rollback}`);
      }
      const spec = swarm.networks.resolve(readServiceSpec(body, swarm.random));
      const record = service(params[0]);
      if (query.get('registryAuthFrom') === 'previous-spec' && !record.api.PreviousSpec) {
        throw new DemoEngineError(500, 'service does not have a previous spec');
      }
      swarm.updateService(record, version, spec, rollback === 'previous');
      return json({ Warnings: null });
    }),
    route('DELETE', '/services/:id', true, ({ params }) => {
      swarm.store.remove(service(params[0]));
      return empty();
    }),
    route('GET', '/services/:id/logs', true, ({ params }) => {
      service(params[0]);
      throw new DemoEngineError(501, 'the demo swarm keeps no logs');
    }),
  ];
}

function modeOf(mode: ServiceRecord['api']['Spec']['Mode']): string {
  return mode.Global ? 'global' : 'replicated';
}

/** The service with swarm's own count: whatever runs, wherever and however long it is to. */
function statusJson(swarm: Swarm, record: ServiceRecord): string {
  const tasks = swarm.store.tasksOfService(record.api.ID);
  const RunningTasks = tasks.filter(({ api }) => api.Status.State === 'running').length;
  const meant = tasks.filter(({ api }) => api.DesiredState === 'running').length;
  const DesiredTasks = record.api.Spec.Mode.Replicated?.Replicas ?? meant;
  const status = JSON.stringify({ RunningTasks, DesiredTasks, CompletedTasks: 0 });
  return `${jsonOf(record).slice(0, -1)},"ServiceStatus":${status}}`;
}

function checkAuth(header: string | string[] | undefined): void {
  if (typeof header !== 'string' || header === '') return;
  // What a lone spec does that a client sent in the wrong place: the engine only warns in its log.
  if (header.length > 64_000) throw new DemoEngineError(400, 'invalid X-Registry-Auth header');
}

import { DemoEngineError } from '../errors';
import { withDefaults } from '../spec/defaults';
import { readServiceSpec } from '../spec/service';
import { isJob, modeOf } from '../mode';
import { isOfIteration } from '../orchestrator/tasks';
import { jsonOf, serviceAsListed, type ServiceRecord } from '../store';
import type { Swarm } from '../swarm';
import type { ServiceStatus } from '../types';
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
  startsWithAny,
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
          startsWithAny(names, api.Spec.Name) &&
          startsWithAny(ids, api.ID) &&
          (!modes || modes.includes(modeOf(api.Spec))) &&
          hasLabels(api.Spec.Labels, filters.get('label') ?? []),
      );
      const withStatus = flag(query, 'status');
      return jsonList(
        found.map((record) =>
          withStatus
            ? JSON.stringify(serviceAsListed(record.api, statusOf(swarm, record)))
            : jsonOf(record),
        ),
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

/**
 * Swarm's own count. Running tasks count whatever their desired state or node; of a job, only those
 * of its current iteration. A global job has no fixed number of desired tasks: those still to end.
 */
function statusOf(swarm: Swarm, record: ServiceRecord): ServiceStatus {
  const { Spec } = record.api;
  const counted = swarm.store
    .tasksOfService(record.api.ID)
    .filter((task) => !isJob(Spec) || isOfIteration(record, task))
    .map((task) => task.api);
  const inState = (state: string) => counted.filter(({ Status }) => Status.State === state).length;
  const meant = counted.filter(
    ({ DesiredState, Status }) =>
      DesiredState === 'running' || (DesiredState === 'complete' && Status.State !== 'complete'),
  );
  const fixed = Spec.Mode.Replicated?.Replicas ?? Spec.Mode.ReplicatedJob?.MaxConcurrent;
  return {
    RunningTasks: inState('running'),
    DesiredTasks: fixed ?? meant.length,
    CompletedTasks: isJob(Spec) ? inState('complete') : 0,
  };
}

function checkAuth(header: string | string[] | undefined): void {
  if (typeof header !== 'string' || header === '') return;
  // A client that sends the spec in this header by mistake gets an error, not just a line in the log.
  if (header.length > 64_000) throw new DemoEngineError(400, 'invalid X-Registry-Auth header');
}

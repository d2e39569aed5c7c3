import { DemoEngineError } from '../errors';
import { withDefaults } from '../spec/defaults';
import { readServiceSpec } from '../spec/service';
import { isJob, modeOf } from '../mode';
import { isOfIteration } from '../orchestrator/tasks';
import { atLeast } from '../release';
import { serviceAsListed, type ServiceRecord } from '../store';
import type { Swarm } from '../swarm';
import type { ServiceStatus } from '../types';
import {
  byId,
  checkContentType,
  empty,
  hasLabels,
  json,
  jsonList,
  rawJson,
  readFilters,
  route,
  startsWithAny,
  strictFlag,
  type ApiRequest,
  type ApiRoute,
  versionOf,
} from './http';

const FILTERS = ['name', 'id', 'label', 'mode', 'runtime'];

/** `/services`: list, create, inspect, update, remove. */
export function serviceRoutes(swarm: Swarm): ApiRoute[] {
  const service = (text: string | undefined) => swarm.service(text ?? '');
  const readSpec = ({ body, api, request }: ApiRequest) => {
    checkContentType(body, request.headers['content-type'], swarm.release);
    return swarm.networks.resolve(
      readServiceSpec(body, { api, random: swarm.random, release: swarm.release }),
    );
  };
  return [
    route('GET', '/services', true, ({ query, api }) => {
      const filters = readFilters(query, FILTERS, swarm.release, { malformed: 400 });
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
      const withStatus = atLeast(api, '1.41') && strictFlag(query, 'status');
      return jsonList(
        found.map((record) =>
          withStatus
            ? JSON.stringify(serviceAsListed(record.api, statusOf(swarm, record)))
            : swarm.store.jsonOf(record),
        ),
      );
    }),
    route('POST', '/services/create', true, (call) => {
      const { ID } = swarm.createService(readSpec(call), authOf(call)).api;
      return json(atLeast(swarm.release.api, '1.44') ? { ID, Warnings: null } : { ID }, 201);
    }),
    route('GET', '/services/:id', true, ({ params, query }) => {
      const record = service(params[0]);
      if (!strictFlag(query, 'insertDefaults')) return rawJson(swarm.store.jsonOf(record));
      return json({ ...serviceAsListed(record.api), Spec: withDefaults(record.api.Spec) });
    }),
    route('POST', '/services/:id/update', true, (call) => {
      const { params, query } = call;
      const version = versionOf(query, 'service');
      const rollback = query.get('rollback') ?? '';
      if (!['', 'none', 'previous'].includes(rollback)) {
        throw new DemoEngineError(500, `unrecognized rollback option ${rollback}`);
      }
      const spec = readSpec(call);
      const record = service(params[0]);
      const authFrom = query.get('registryAuthFrom') ?? '';
      if (!['', 'spec', 'previous-spec'].includes(authFrom)) {
        throw new DemoEngineError(500, 'unsupported registryAuthFrom value');
      }
      if (authFrom === 'previous-spec' && !record.api.PreviousSpec) {
        throw new DemoEngineError(500, 'service does not have a previous spec');
      }
      const kept = authFrom === 'previous-spec' ? record.previousRegistryAuth : record.registryAuth;
      swarm.updateService(record, version, spec, rollback === 'previous', authOf(call) ?? kept);
      return json({ Warnings: null });
    }),
    route('DELETE', '/services/:id', true, ({ params }) => {
      swarm.store.remove(service(params[0]));
      return empty();
    }),
  ];
}

/**
 * Swarm's own count. Running tasks count with any desired state and node; of a job, only those
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

/** The credentials for the image's registry, which the engine does not read itself. */
function authOf({ request }: ApiRequest): string | undefined {
  const header = request.headers['x-registry-auth'];
  if (typeof header !== 'string' || header === '') return undefined;
  // A client that sends the spec in this header by mistake gets an error, not just a line in the log.
  if (header.length > 64_000) throw new DemoEngineError(400, 'invalid X-Registry-Auth header');
  return header;
}

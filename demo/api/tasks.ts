import { TASK_STATES } from '@/lib/swarm/task-state';
import { DemoEngineError } from '../errors';
import { isDirty } from '../orchestrator/tasks';
import type { TaskRecord } from '../store';
import type { Swarm } from '../swarm';
import {
  byId,
  hasLabels,
  jsonList,
  rawJson,
  readFilters,
  route,
  startsWithAny,
  type ApiRoute,
} from './http';

const FILTERS = [
  'name',
  'id',
  'label',
  'service',
  'node',
  'desired-state',
  '_up-to-date',
  'runtime',
];

/** `/tasks`: list and inspect. */
export function taskRoutes(swarm: Swarm): ApiRoute[] {
  return [
    route('GET', '/tasks', true, ({ query }) => {
      const filters = readFilters(query, FILTERS, swarm.release);
      return jsonList(select(swarm, filters).map(swarm.store.jsonOf));
    }),
    route('GET', '/tasks/:id', true, ({ params }) =>
      rawJson(swarm.store.jsonOf(swarm.task(params[0] ?? ''))),
    ),
  ];
}

function select(swarm: Swarm, filters: Map<string, string[]>): readonly TaskRecord[] {
  const { store } = swarm;
  const services = filters.get('service')?.map((text) => swarm.service(text).api.ID);
  const nodes = filters
    .get('node')
    ?.map((text) => (text === 'self' ? swarm.here() : swarm.node(text)).api.ID);
  const desired = filters.get('desired-state');
  for (const state of desired ?? []) {
    if (!TASK_STATES.some((known) => known === state)) {
      throw new DemoEngineError(500, `Invalid desired-state filter: '${state}'`);
    }
  }
  const names = filters.get('name');
  const ids = filters.get('id');
  const upToDate = filters.get('_up-to-date')?.some((text) => text === 'true' || text === '1');
  if (filters.size === 0) return store.allTasks();
  const from = services
    ? byId(services.flatMap((id) => store.tasksOfService(id)))
    : store.allTasks();
  return from.filter((task) => {
    const { api } = task;
    if (nodes && !nodes.includes(api.NodeID ?? '')) return false;
    if (desired && !desired.includes(api.DesiredState)) return false;
    if (!startsWithAny(ids, api.ID)) return false;
    if (!startsWithAny(names, swarm.taskName(task))) return false;
    const service = store.services.get(api.ServiceID);
    if (!hasLabels(service?.api.Spec.Labels ?? {}, filters.get('label') ?? [])) return false;
    return !upToDate || (service !== undefined && !isDirty(store, service, task));
  });
}

import * as z from 'zod/mini';
import { DemoEngineError } from '../errors';
import { digestOf } from '../images';
import { atLeast } from '../release';
import { parseBody } from '../spec/parse-body';
import type { TaskRecord } from '../store';
import type { Swarm } from '../swarm';
import { empty, flag, hasLabels, json, readFilters, route, type ApiRoute } from './http';

const FILTERS = [
  'id',
  'name',
  'label',
  'status',
  'network',
  'health',
  'is-task',
  'exited',
  'ancestor',
];

const NETWORK_FILTERS = ['name', 'id', 'driver', 'scope', 'label', 'type'];

/** `/containers`, `/images` and `/networks` of the engine's own node; all its containers are tasks'. */
export function containerRoutes(swarm: Swarm): ApiRoute[] {
  const kill = (text: string | undefined, code: number) => {
    // Docker 23 wrote its messages in lower case.
    const [Cannot, Container] = atLeast(swarm.release.api, '1.42')
      ? ['cannot', 'container']
      : ['Cannot', 'Container'];
    const task = containerOf(swarm, text ?? '', `${Cannot} kill container: ${text}: `);
    const agent = swarm.agentOf(swarm.here());
    if (agent?.kill(task, code)) return empty(204);
    const id = task.api.Status.ContainerStatus?.ContainerID ?? '';
    throw new DemoEngineError(
      409,
      `${Cannot} kill container: ${text}: ${Container} ${id} is not running`,
    );
  };
  return [
    route('GET', '/containers/json', false, ({ query }) => {
      const filters = readFilters(query, FILTERS, swarm.release);
      const all = flag(query, 'all');
      const found = localTasks(swarm)
        .filter(({ api }) => all || api.Status.State === 'running')
        .map((task) => summary(swarm, task))
        .filter(
          ({ Id, Names, Labels, State }) =>
            (filters.get('id')?.some((id) => Id.startsWith(id)) ?? true) &&
            (filters.get('name')?.some((name) => Names[0]?.includes(name)) ?? true) &&
            (filters.get('status')?.includes(State) ?? true) &&
            hasLabels(Labels, filters.get('label') ?? []),
        );
      return json(found);
    }),
    route('GET', '/containers/:id/json', false, ({ params }) => {
      const task = containerOf(swarm, params[0] ?? '');
      const { Id, Names, Labels, State } = summary(swarm, task);
      const status = task.api.Status.ContainerStatus;
      return json({
        Id,
        Created: task.api.CreatedAt,
        Name: Names[0],
        State: {
          Status: State,
          Running: State === 'running',
          Pid: status?.PID ?? 0,
          ExitCode: status?.ExitCode ?? 0,
        },
        Config: { Hostname: Id.slice(0, 12), Image: task.api.Spec.ContainerSpec.Image, Labels },
      });
    }),
    route('POST', '/containers/:id/kill', false, ({ params }) => kill(params[0], 137)),
    route('POST', '/containers/:id/stop', false, ({ params }) => kill(params[0], 0)),
    route('GET', '/images/json', false, () => json(images(swarm))),
    route('GET', '/networks', false, ({ query }) => {
      const filters = readFilters(query, NETWORK_FILTERS, swarm.release);
      return json(
        swarm.networks
          .all()
          .filter(
            (network) =>
              (filters.get('name')?.some((name) => network.Name.includes(name)) ?? true) &&
              (filters.get('id')?.some((id) => network.Id.startsWith(id)) ?? true) &&
              (filters.get('driver')?.includes(network.Driver) ?? true) &&
              (filters.get('scope')?.includes(network.Scope) ?? true) &&
              hasLabels(network.Labels, filters.get('label') ?? []),
          ),
      );
    }),
    route('GET', '/networks/:id', false, ({ params }) => json(swarm.networks.get(params[0] ?? ''))),
    route('POST', '/networks/create', false, ({ body }) => {
      const { Name, Driver, Labels } = parseBody(newNetwork, body, swarm.release);
      const { Id } = swarm.networks.create(Name, Driver, Labels ?? {});
      return json({ Id, Warning: '' }, 201);
    }),
    route('DELETE', '/networks/:id', false, ({ params }) => {
      swarm.networks.remove(params[0] ?? '');
      return empty(204);
    }),
  ];
}

const newNetwork = z.object({
  Name: z.string(),
  Driver: z._default(z.string(), 'bridge'),
  Labels: z.optional(z.nullable(z.record(z.string(), z.string()))),
});

function localTasks(swarm: Swarm): TaskRecord[] {
  return swarm.store
    .tasksOnNode(swarm.here().api.ID)
    .filter(({ api }) => (api.Status.ContainerStatus?.ContainerID ?? '') !== '');
}

function containerOf(swarm: Swarm, text: string, prefix = ''): TaskRecord {
  const task = localTasks(swarm).find((one) => {
    const { Id, Names } = summary(swarm, one);
    return Id.startsWith(text) || Names[0] === `/${text}`;
  });
  if (!task) throw new DemoEngineError(404, `${prefix}No such container: ${text}`);
  return task;
}

function summary(swarm: Swarm, task: TaskRecord) {
  const { api } = task;
  const name = `${swarm.taskName(task)}.${api.ID}`;
  const running = api.Status.State === 'running';
  const image = api.Spec.ContainerSpec.Image;
  return {
    Id: api.Status.ContainerStatus?.ContainerID ?? '',
    Names: [`/${name}`],
    Image: image,
    ImageID: digestOf(image),
    Command: '/echo-server',
    Created: Math.floor(Date.parse(api.CreatedAt) / 1000),
    Ports: (task.endpointSpec?.Ports ?? []).map(({ TargetPort, Protocol }) => ({
      PrivatePort: TargetPort,
      Type: Protocol,
    })),
    Labels: {
      'com.docker.swarm.node.id': api.NodeID ?? '',
      'com.docker.swarm.service.id': api.ServiceID,
      'com.docker.swarm.service.name': task.serviceName,
      'com.docker.swarm.task': '',
      'com.docker.swarm.task.id': api.ID,
      'com.docker.swarm.task.name': name,
    },
    State: running ? 'running' : 'exited',
    Status: running ? 'Up' : `Exited (${api.Status.ContainerStatus?.ExitCode ?? 0})`,
    HostConfig: { NetworkMode: 'default' },
    NetworkSettings: { Networks: {} },
    Mounts: [],
  };
}

function images(swarm: Swarm) {
  const references = new Set(localTasks(swarm).map(({ api }) => api.Spec.ContainerSpec.Image));
  return [...references].map((reference) => ({
    Id: digestOf(reference),
    ParentId: '',
    RepoTags: [reference.replace(/@.*$/, '')],
    RepoDigests: reference.includes('@') ? [reference.replace(/:[^:@/]+@/, '@')] : [],
    Created: Math.floor(swarm.createdAt / 1000),
    Size: 4_400_000,
    SharedSize: -1,
    Labels: null,
    Containers: -1,
  }));
}

import { rfc3339Nano } from './clock';
import { digestOf } from './images';
import { newTask } from './orchestrator/tasks';
import type { NodeRecord, ServiceRecord, TaskRecord } from './store';
import type { Swarm } from './swarm';
import type { ServiceSpec } from './types';

const MINUTE = 60_000;

/** The spec of goweb, as `docker service create --name goweb …` posts it. */
export function gowebSpec(replicas: number): ServiceSpec {
  const image = 'carmeloc/goweb:1.0';
  return {
    Name: 'goweb',
    Labels: {},
    TaskTemplate: {
      ContainerSpec: {
        Image: `${image}@${digestOf(image)}`,
        Init: false,
        DNSConfig: {},
        Isolation: 'default',
      },
      Resources: { Limits: {}, Reservations: {} },
      Placement: { Platforms: [{ OS: 'linux' }] },
      ForceUpdate: 0,
      Runtime: 'container',
    },
    Mode: { Replicated: { Replicas: replicas } },
    EndpointSpec: {
      Mode: 'vip',
      Ports: [{ Protocol: 'tcp', TargetPort: 8080, PublishedPort: 8888, PublishMode: 'ingress' }],
    },
  };
}

/** Creates goweb with tasks that have been running for a while. */
export function seedGoweb(swarm: Swarm, replicas: number): void {
  const ageMs = swarm.random.between(35, 50) * MINUTE;
  const service = swarm.createService(gowebSpec(replicas));
  swarm.allocator.allocateService(service);
  const nodes = [...swarm.store.nodes.values()];
  // The controller and every second Zero first: three replicas are spread over the HAT.
  const order = [0, 2, 4, 1, 3];
  for (let slot = 1; slot <= replicas; slot += 1) {
    const node = nodes[order[(slot - 1) % order.length] ?? 0];
    if (node) runningTask(swarm, service, node, { slot }, ageMs);
  }
  backdate(swarm, service.api, ageMs);
}

/** Creates a task that has been running on `node` for `ageMs`. */
export function runningTask(
  swarm: Swarm,
  service: ServiceRecord,
  node: NodeRecord,
  place: { slot: number },
  ageMs: number,
): TaskRecord {
  const { store, random } = swarm;
  // In one write, because a fill creates thousands.
  const task = newTask(store, service, place, 'running', ({ api, endpointSpec }) => {
    swarm.allocator.attach(api, { endpointSpec });
    api.NodeID = node.api.ID;
    api.Status = {
      Timestamp: rfc3339Nano(swarm.clock.now() - ageMs + random.between(1000, 1500)),
      State: 'running',
      Message: 'started',
      ContainerStatus: {
        ContainerID: random.hex(64),
        PID: 700 + random.int(3000),
        ExitCode: 0,
      },
      PortStatus: {},
    };
  });
  swarm.agentOf(node)?.adopt(task);
  backdate(swarm, task.api, ageMs);
  return task;
}

/** Sets an object's times as if it was created `ageMs` ago. */
export function backdate(
  swarm: Swarm,
  api: { CreatedAt: string; UpdatedAt: string },
  ageMs: number,
): void {
  api.CreatedAt = rfc3339Nano(swarm.clock.now() - ageMs);
  api.UpdatedAt = rfc3339Nano(swarm.clock.now() - ageMs + 1500);
}

import { taskPhase } from '@/lib/swarm/task-phase';
import type { NodeView, ServiceView, SwarmView, TaskView } from '@/lib/swarm/view';
import type { EntryPoint } from '@/lib/curl/dial';
import type { Answer, FullRunRequest, Mark } from '@/lib/curl/run';
import type { TallyOptions } from '@/lib/curl/tally';

/** Small pictures, answers and requests for this room's and the runner's tests. */

/** A node called `name`, ready, at the given address. */
export function aNode(
  name: string,
  address: string | null,
  over: Partial<NodeView> = {},
): NodeView {
  return {
    id: `id-${name}`,
    name,
    role: name === 'ctrl' ? 'manager' : 'worker',
    leader: name === 'ctrl',
    reachability: name === 'ctrl' ? 'reachable' : null,
    availability: 'active',
    state: 'ready',
    stateSince: 0,
    message: '',
    address,
    arch: 'armv6l',
    os: 'linux',
    cpus: 1,
    memoryBytes: 448_000_000,
    engineVersion: '20.10.24',
    here: name === 'ctrl',
    ...over,
  };
}

/** The seed's echo service on port 8888 of the routing mesh. */
export function aService(over: Partial<ServiceView> = {}): ServiceView {
  return {
    id: 'id-goweb',
    name: 'goweb',
    mode: 'replicated',
    replicas: 3,
    running: 3,
    wanted: 3,
    job: null,
    image: 'carmeloc/goweb:1.0',
    ports: [{ published: 8888, target: 8080, protocol: 'tcp', mode: 'ingress' }],
    maxPerNode: null,
    hostname: null,
    echo: true,
    curl: true,
    update: null,
    convergence: { running: 3, total: 3, phase: 'converged', phrase: '', verify: null },
    platformLimit: null,
    createdAt: 0,
    updatedAt: 0,
    ...over,
  };
}

/** The running task of a slot; its container is `00000000000SLOT` cut to 12 characters. */
export function aTask(slot: number, over: Partial<TaskView> = {}): TaskView {
  const { state = 'running', desired = 'running' } = over;
  return {
    id: `task-${slot}`,
    serviceId: 'id-goweb',
    name: `goweb.${slot}`,
    slot,
    nodeId: 'id-zero1',
    phase: taskPhase({ state, desired, onDownNode: false }),
    desired,
    state,
    stateAt: 0,
    createdAt: 0,
    seenAt: 0,
    ranAt: 0,
    nextTaskId: null,
    error: '',
    hint: null,
    help: null,
    exitCode: null,
    container: containerOfSlot(slot),
    image: 'carmeloc/goweb:1.0',
    upToDate: true,
    ...over,
  };
}

/** The container that `aTask` gives to a slot. */
export function containerOfSlot(slot: number): string {
  return slot.toString(16).padStart(12, '0');
}

/** A swarm of ctrl and zero1 with `goweb` in three replicas. */
export function aView(over: Partial<SwarmView> = {}): SwarmView {
  return {
    engine: {
      nodeId: 'id-ctrl',
      name: 'ctrl',
      version: '20.10.24',
      apiVersion: '1.41',
      demo: false,
    },
    hat: ['ctrl', 'zero1'],
    nodes: [aNode('ctrl', '172.19.181.254'), aNode('zero1', '172.19.181.1')],
    services: [aService()],
    tasks: [aTask(1), aTask(2), aTask(3)],
    ...over,
  };
}

/** Five requests a second for ten seconds to `goweb` by way of ctrl. */
export function aRequest(over: Partial<FullRunRequest> = {}): FullRunRequest {
  return {
    service: 'goweb',
    publishedPort: 8888,
    entryNode: 'ctrl',
    path: '/Hello!',
    mode: 'steady',
    method: 'GET',
    rate: 5,
    seconds: 10,
    burst: 100,
    inFlight: 4,
    timeout: 2,
    connection: 'new',
    keepGoing: false,
    ...over,
  };
}

/** A node at which requests enter. */
export function anEntry(name = 'ctrl', address = '172.19.181.254'): EntryPoint {
  return { nodeId: `id-${name}`, name, address, url: `http://${address}:8888/Hello!` };
}

/** New connections to `goweb` by way of ctrl. */
export function aCourse(over: Partial<TallyOptions> = {}): TallyOptions {
  return {
    serviceId: 'id-goweb',
    entries: [anEntry()],
    connection: 'new',
    method: 'GET',
    ...over,
  };
}

/** So many milliseconds into a run that started at 12:00:00 UTC. */
export function aMoment(at: number): { at: number; time: number } {
  return { at, time: Date.UTC(2026, 0, 1, 12) + at };
}

/** A good answer of the task of `slot`, or with `error` a failure. */
export function anAnswer(n: number, slot: number | null, over: Partial<Answer> = {}): Answer {
  return {
    n,
    at: (n - 1) * 200,
    lag: 0,
    entryNodeId: 'id-ctrl',
    taskId: slot === null ? null : `task-${slot}`,
    container: slot === null ? null : containerOfSlot(slot),
    status: slot === null ? null : 200,
    error: slot === null ? 'refused' : null,
    ms: 5,
    connectMs: slot === null ? null : 1,
    firstByteMs: slot === null ? null : 4,
    ...over,
  };
}

/** A change of the swarm at 12:04:31 UTC that cost nothing, unless said otherwise. */
export function aMark(kind: Mark['kind'], text: string, cost: Partial<Mark['cost']>): Mark {
  return {
    at: 10_000,
    time: Date.UTC(2026, 0, 1, 12, 4, 31),
    n: 51,
    kind,
    text,
    taskId: null,
    nodeId: null,
    drill: false,
    cost: {
      lost: 0,
      firstLostMs: null,
      lastLostMs: null,
      firstAnswerMs: null,
      firstAnswerBy: null,
      ...cost,
    },
  };
}

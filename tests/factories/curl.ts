import { containerOfSlot } from '@/tests/factories/view';
import type { EntryPoint } from '@/lib/curl/dial';
import type { Answer, FullRunRequest, Mark, RunRollout, Run } from '@/lib/curl/run';
import type { TallyOptions } from '@/lib/curl/tally';

/** Builders for runs of the curl panel in unit tests. */

/** Five requests a second for ten seconds to `goweb` through ctrl. */
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

/** The entry point on the node `name`. */
export function anEntryPoint(name = 'ctrl', address = '172.19.181.254'): EntryPoint {
  const url = `http://${address}:8888/Hello!`;
  const none = { otherAddresses: [], fallbackAddresses: [] };
  return { nodeId: `id-${name}`, name, address, ...none, url };
}

/** New connections to `goweb` through ctrl. */
export function tallyOptions(over: Partial<TallyOptions> = {}): TallyOptions {
  return {
    serviceId: 'id-goweb',
    entries: [anEntryPoint()],
    connection: 'new',
    method: 'GET',
    ...over,
  };
}

/** `at` milliseconds into a run that started at 12:00:00 UTC. */
export function aMoment(at: number): { at: number; time: number } {
  return { at, time: Date.UTC(2026, 0, 1, 12) + at };
}

/** A 200 from the task in `slot`; without a slot, a refused connection. */
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

/** A change at 12:04:31 UTC, 10 s into a run; `cost` overrides a cost of zero requests. */
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

/** A complete update from the run's first version to its second, 10 s into the run. */
export function aRollout(over: Partial<RunRollout> = {}): RunRollout {
  return {
    at: 10_000,
    time: Date.UTC(2026, 0, 1, 12, 4, 31),
    begunBefore: false,
    kind: 'update',
    from: 0,
    to: 1,
    state: 'completed',
    automatic: false,
    endedMs: 9000,
    firstAnswerMs: 2000,
    lastAnswerMs: 8000,
    lost: 0,
    slow: null,
    slowMs: null,
    failedTasks: 0,
    failure: null,
    summary: '',
    ...over,
  };
}

/** A run that has sent nothing yet: 5 requests per second for 30 s to `goweb` through ctrl. */
export function aRun(over: Partial<Run> = {}): Run {
  const url = 'http://172.19.181.254:8888/Hello!';
  return {
    id: 'run-1',
    state: 'running',
    ended: null,
    request: {
      ...aRequest({ seconds: 30 }),
      entryNode: 'ctrl',
      serviceId: 'id-goweb',
      entryNodeId: 'id-ctrl',
    },
    url,
    startedAt: Date.UTC(2026, 0, 1),
    endedAt: null,
    planned: 150,
    sent: 0,
    answered: 0,
    failed: 0,
    skipped: 0,
    stalled: 0,
    connections: 0,
    resent: 0,
    aborted: 0,
    repeats: null,
    spread: null,
    p50: null,
    p95: null,
    p99: null,
    lagP99: null,
    shares: [],
    entries: [
      {
        nodeId: 'id-ctrl',
        name: 'ctrl',
        url,
        unreachable: [],
        sent: 0,
        answered: 0,
        failed: 0,
        answers: [],
        missing: [],
        spread: null,
        repeats: null,
        p50: null,
      },
    ],
    errors: {},
    verdict: 'Waiting for the first answer',
    note: null,
    details: null,
    marks: [],
    versions: [],
    rollouts: [],
    drill: null,
    response: null,
    story: '',
    ...over,
  };
}

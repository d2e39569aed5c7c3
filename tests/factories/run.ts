import { aRequest } from '@/tests/factories/curl';
import type { Run } from '@/lib/curl/run';

/** A run of the curl panel that has sent nothing yet: 5 a second for 30 s to `goweb` by way of ctrl. */
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
    drill: null,
    story: '',
    ...over,
  };
}

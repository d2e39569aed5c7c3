import { performance } from 'node:perf_hooks';
import { ANSWER_BUCKETS, counters, ENGINE_BUCKETS } from './counters';
import { counter, gauge, histogram, type Family } from './family';

/** What this process has counted since its start. */
export function countedFamilies(version: string): Family[] {
  return [
    gauge('clusterhat_build_info', 'The dashboard’s release; always 1.', () => [
      { labels: { version }, value: 1 },
    ]),
    counter('clusterhat_task_failures_total', 'Tasks that were seen to fail or be rejected.', () =>
      counters().taskFailures.values(),
    ),
    counter(
      'clusterhat_run_requests_total',
      'Requests of runs by outcome: answered, unknown container, or how they failed.',
      () => counters().runRequests.values(),
    ),
    counter(
      'clusterhat_answers_total',
      'Answers to runs by the slot and node of the task that gave them.',
      () => counters().answers.values(),
    ),
    histogram(
      'clusterhat_answer_duration_seconds',
      'Answers to runs, from the scheduled moment to the last byte.',
      ANSWER_BUCKETS,
      () => counters().latencies.values(),
    ),
    histogram(
      'clusterhat_engine_call_duration_seconds',
      'Calls of the Docker engine.',
      ENGINE_BUCKETS,
      () => counters().engineCalls.values(),
    ),
    counter(
      'clusterhat_engine_call_failures_total',
      'Calls of the Docker engine that failed.',
      () => counters().engineFailures.values(),
    ),
    counter(
      'clusterhat_refused_requests_total',
      'Requests that were answered with a problem, or ended without an answer, by kind.',
      () => counters().refused.values(),
    ),
    counter('clusterhat_sign_ins_total', 'Tries to sign in by outcome.', () =>
      counters().signIns.values(),
    ),
    counter('process_cpu_seconds_total', 'CPU time of the process, user and system.', () => {
      const { user, system } = process.cpuUsage();
      return [{ labels: {}, value: (user + system) / 1e6 }];
    }),
    // prom-client's own metric wakes the process a hundred times a second.
    counter(
      'clusterhat_event_loop_busy_seconds_total',
      'Time that the event loop was not idle: its rate is 1 when nothing is answered in time.',
      () => [{ labels: {}, value: performance.eventLoopUtilization().active / 1000 }],
    ),
  ];
}

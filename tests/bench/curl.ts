/**
 * Accuracy of the curl panel: sockets per request, the rate that it keeps, its latency beside that of hey and bare
 * sockets, its own lateness and its cost. On the lab's echo service (`npm run -s lab -- up && npm run -s lab -- echo`),
 * or the swarm of DOCKER_HOST. Figures to be compared come from one run, in turn, as the machine's load changes.
 *
 *     npx tsx tests/bench/curl.ts [--quick]
 */
import { dockerEngine, type EngineAddress } from '@/lib/engine';
import { dial } from '@/lib/curl/dial';
import { percentile } from '@/lib/curl/percentile';
import type { Answer, Run, RunRequest } from '@/lib/curl/run';
import { runRequestSchema } from '@/lib/curl/run-schemas';
import { Feed } from '@/lib/live/feed';
import { encodeRun } from '@/lib/runner/encode-run';
import { runnerHooks } from '@/lib/runner/app-runner';
import { createRunner } from '@/lib/runner/runner';
import { bareSockets, hey } from './closed-loop';
import { hostile, POURING } from './hostile';
import { idleLateness } from './idle';
import { fixed, printTable } from './table';

const LAB_SOCKET = '/run/clusterhat-lab/ctrl/docker.sock';
const quick = process.argv.includes('--quick');
const service = process.env['ECHO_SERVICE'] ?? 'goweb';
const publishedPort = Number(process.env['BENCH_PORT'] ?? 8888);

function address(): EngineAddress {
  const host = process.env['DOCKER_HOST'] ?? `unix://${LAB_SOCKET}`;
  if (!host.startsWith('unix://')) throw new Error('DOCKER_HOST has to be a unix socket here.');
  return { kind: 'unix', socketPath: host.slice('unix://'.length) };
}

const engine = dockerEngine(address());
const feed = new Feed(engine, { hat: [], echoService: service });
const runner = createRunner(runnerHooks(feed, engine));

/** A run with one subscriber, like one page: its result, its answers, and the bytes sent to the page. */
async function measureRun(over: Partial<RunRequest>) {
  const request = runRequestSchema.parse({ service, publishedPort, ...over });
  const view = await feed.fresh();
  const take = encodeRun(runner);
  let wire = 0;
  const cpu = process.cpuUsage();
  const from = performance.now();
  const run = await new Promise<Run>((resolve, reject) => {
    const unsubscribe = runner.subscribe(() => {
      for (let json = take(); json !== null; json = take()) wire += Buffer.byteLength(json);
      const [newest] = runner.list();
      if (newest?.state !== 'ended') return;
      unsubscribe();
      resolve(newest);
    });
    const started = runner.start(request, view);
    if (!started.ok) {
      unsubscribe();
      reject(new Error(`${started.why.detail} ${started.why.next}`));
    }
  });
  const seconds = (performance.now() - from) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return {
    run,
    answers: runner.answers(run.id) ?? [],
    core: (user + system) / 1e6 / seconds,
    wire: wire / seconds,
  };
}

const sorted = (values: readonly number[]) => values.toSorted((a, b) => a - b);
const p = (values: readonly number[], which: number) => percentile(sorted(values), which);

/** Requests per second as actually sent; the first tick has no predecessor. */
function rateOf(answers: readonly Answer[]): number {
  const sent = sorted(answers.map(({ at, lag }) => at + lag));
  return ((sent.length - 1) * 1000) / ((sent.at(-1) ?? 0) - (sent[0] ?? 0));
}

async function rates(): Promise<void> {
  const rows: (string | number)[][] = [];
  const plans = quick
    ? [
        [20, 10],
        [100, 10],
      ]
    : [
        [5, 20],
        [20, 60],
        [50, 20],
        [100, 60],
      ];
  for (const [rate = 0, seconds = 0] of plans) {
    const idle = idleLateness(1000 / rate, rate * seconds - 1);
    const { run, answers, core, wire } = await measureRun({
      rate,
      seconds,
      inFlight: 16,
      keepGoing: true,
    });
    const idleLate = await idle;
    const lags = answers.map(({ lag }) => lag);
    // Skipped ticks are not sent: the rate is that of the other ticks.
    const ticks = (run.sent + run.skipped) / run.planned;
    rows.push([
      `${rate}/s × ${seconds} s`,
      run.sent,
      run.connections,
      run.skipped,
      `${fixed((rateOf(answers) / rate - 1) * 100)} %`,
      fixed(ticks * 100, 1),
      fixed(p(lags, 50)),
      fixed(p(lags, 99)),
      fixed(p(idleLate, 99)),
      fixed(run.p50),
      fixed(run.p99),
      run.spread ?? '–',
      `${fixed(core * 100, 0)} %`,
      fixed(wire / 1000, 1),
    ]);
  }
  printTable(
    'Open loop, new connections (ms). Targets: sockets = requests, rate within 1 %, late p99 < 2 at 20/s. Core: of the runner and the feed; curl-page has the whole server. Idle: how late a process is that only waits',
    [
      'plan',
      'sent',
      'sockets',
      'skipped',
      'rate off',
      'ticks %',
      'late p50',
      'late p99',
      'idle p99',
      'p50',
      'p99',
      'spread',
      'core',
      'kB/s',
    ],
    rows,
  );
}

async function closedLoops(): Promise<void> {
  const rounds = quick ? 2 : 5;
  const count = quick ? 150 : 400;
  const dialled = dial(await feed.fresh(), runRequestSchema.parse({ service, publishedPort }));
  if (!dialled.ok) throw new Error(dialled.why.detail);
  const { url, address: host } = dialled.target.entries[0];
  const ours: number[] = [];
  const theirs: number[] = [];
  const bare: number[] = [];
  let hasHey = true;
  for (let round = 0; round < rounds; round++) {
    const { answers } = await measureRun({ mode: 'burst', burst: count, inFlight: 1 });
    ours.push(...answers.map(({ ms }) => ms));
    const times = await hey(url, count);
    if (times) theirs.push(...times);
    else hasHey = false;
    bare.push(...(await bareSockets(host, publishedPort, count)));
  }
  const base = p(hasHey ? theirs : bare, 50) ?? NaN;
  const row = (name: string, times: number[]) => [
    name,
    times.length,
    fixed(p(times, 50)),
    fixed(p(times, 95)),
    fixed(p(times, 99)),
    fixed((p(times, 50) ?? NaN) / base),
  ];
  printTable(
    `One in flight, a connection each, in turns (ms). ${
      hasHey
        ? "Target: p50 within 10 % of hey's"
        : 'NOT MEASURED: the target, within 10 % of hey, which is not installed (apt-get install hey)'
    }`,
    ['', 'n', 'p50', 'p95', 'p99', hasHey ? 'p50 / hey’s' : 'p50 / bare sockets’'],
    [
      row('curl panel', ours),
      ...(hasHey ? [row('hey -disable-keepalive', theirs)] : []),
      row('bare sockets', bare),
    ],
  );
}

async function bursts(): Promise<void> {
  const rows: (string | number)[][] = [];
  for (const inFlight of [1, 4, 16]) {
    for (const connection of ['new', 'keepAlive'] as const) {
      const { run, answers } = await measureRun({
        mode: 'burst',
        burst: 500,
        inFlight,
        connection,
      });
      const last = Math.max(...answers.map(({ at, ms }) => at + ms));
      rows.push([
        `${inFlight} ${connection}`,
        run.sent,
        run.connections,
        fixed((run.answered * 1000) / last, 0),
        fixed(run.p50),
        fixed(run.p99),
        run.spread ?? '–',
        `${fixed((run.repeats ?? 0) * 100, 0)} %`,
      ]);
    }
  }
  printTable(
    'Bursts of 500',
    ['in flight', 'sent', 'sockets', 'per s', 'p50', 'p99', 'spread', 'repeats'],
    rows,
  );
}

async function hostileTargets(): Promise<void> {
  const rows: (string | number)[][] = [];
  for (const [name, manner] of Object.entries(POURING)) {
    for (const connection of ['new', 'keepAlive'] as const) {
      const burst = quick ? 100 : 500;
      const { run, grownMb, pouredKb, stallMs } = await hostile(manner, { burst, connection });
      const errors = Object.entries(run.errors).map(([kind, count]) => `${count} ${kind}`);
      rows.push([
        `${name}, ${connection}`,
        run.sent,
        errors.join(' '),
        fixed(pouredKb, 0),
        fixed(grownMb, 1),
        fixed(stallMs, 0),
      ]);
    }
  }
  printTable(
    'Targets that pour without end, on loopback (both ends in this process). Target: memory flat, no stall over 100 ms',
    ['', 'sent', 'counted as', 'kB poured each', 'MB grown', 'ms stalled'],
    rows,
  );
}

// Like an open page: the view is live throughout.
feed.subscribe(() => {});
// And has been for a while before the run starts: compiled code, warm caches.
for (let i = 0; i < 3; i++) await measureRun({ mode: 'burst', burst: 300, inFlight: 4 });
await closedLoops();
await rates();
if (!quick) await bursts();
await hostileTargets();
await runner.shutdown();
process.exit(0);

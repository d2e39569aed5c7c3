import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { HistoryFile } from '@/lib/history/history-file';
import { EncodedView } from '@/lib/live/encoded-view';
import { zlibCodec } from '@/lib/live/zlib-codec';
import type { EngineTask } from '@/lib/swarm/engine-json';
import { NO_REFUSALS } from '@/lib/swarm/refusals';
import { NO_ODD_PARTS, type Snapshot } from '@/lib/swarm/snapshot';
import { TimelineRecorder } from '@/lib/swarm/timeline';
import { aSwarmService, hatNodes } from '../factories/cluster';
import { INFO } from '../factories/engine';
import { fixed, printTable } from './table';

/**
 * A recorded day: the memory that the history takes, its file, how long a start reads it, and what a page receives for
 * 24 h. In simulated time, with a look every ten seconds; with HISTORY_PAGE also with a page that is open all day (one a
 * second).
 */

const DAY = 24 * 60 * 60_000;
const START = Date.UTC(2026, 0, 1);

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const megabytes = (bytes: number) => fixed(bytes / 1e6, 1);

function memory(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

interface Swarm {
  replicas: number;
  /** Time until a replica's task ends (ms), and whether it fails then. */
  lifetime: number;
  fails: boolean;
}

const ORDINARY: Swarm = { replicas: 5, lifetime: 30 * 60_000, fails: false };
const CRASHING: Swarm = { replicas: 5, lifetime: 6000, fails: true };

/** The swarm at a time: of each slot the present task and the last four that ended. */
function snapshotAt(now: number, { replicas, lifetime, fails }: Swarm): Snapshot {
  const service = aSwarmService(
    'goweb',
    { ContainerSpec: { Image: 'carmeloc/goweb:1.0' } },
    {
      Spec: {
        Name: 'goweb',
        Labels: {},
        TaskTemplate: { ContainerSpec: { Image: 'carmeloc/goweb:1.0' } },
        Mode: { Replicated: { Replicas: replicas } },
      },
    },
  );
  const tasks: EngineTask[] = [];
  for (let slot = 1; slot <= replicas; slot++) {
    const offset = (slot * lifetime) / replicas;
    const turn = Math.floor((now - START + offset) / lifetime);
    for (let attempt = Math.max(0, turn - 4); attempt <= turn; attempt++) {
      const created = START + attempt * lifetime - offset;
      const ended = attempt < turn;
      const at = ended ? created + lifetime : created + 1000;
      tasks.push({
        ID: `task${slot}x${attempt}`.padEnd(25, 'x'),
        Version: { Index: attempt * 2 + Number(ended) + 1 },
        CreatedAt: created,
        UpdatedAt: at,
        ServiceID: service.ID,
        Slot: slot,
        NodeID: `id-${['ctrl', 'zero1', 'zero2', 'zero3', 'zero4'][(slot + attempt) % 5]}`,
        Spec: service.Spec.TaskTemplate,
        Status: {
          Timestamp: at,
          State: ended ? (fails ? 'failed' : 'shutdown') : 'running',
          Message: '',
          Err: ended && fails ? 'task: non-zero exit (1)' : '',
        },
        DesiredState: ended ? 'shutdown' : 'running',
      });
    }
  }
  return {
    info: INFO,
    version: null,
    refused: NO_REFUSALS,
    nodes: hatNodes(),
    services: [service],
    tasks,
    upToDate: new Set(tasks.map(({ ID }) => ID)),
    odd: NO_ODD_PARTS,
  };
}

const rows: (string | number)[][] = [];

async function measure(what: string, swarm: Swarm, everyMs: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'clusterhat-bench-'));
  const before = memory();
  const view = new EncodedView({ hat: ['ctrl'], echoService: 'goweb', codec: zlibCodec });
  const { timeline } = view;
  const options = { report: console.error, records: () => timeline.records() };
  const opened = await HistoryFile.open(folder, options);
  if (!opened) throw new Error('no folder');
  let written = 0;
  timeline.keepIn({
    add: (record) => {
      written += JSON.stringify(record).length;
      opened.file.add(record);
    },
    replace: (otherSwarm) => opened.file.replace(otherSwarm),
  });
  const end = START + DAY;
  let turn = 0;
  for (let now = START; now <= end; now += everyMs) {
    view.update(snapshotAt(now, swarm), now);
    if (++turn % 200 === 0) await opened.file.written();
  }
  await opened.file.close();
  const used = memory() - before;
  const path = join(folder, 'history.jsonl');
  const size = statSync(path).size;
  const day = JSON.stringify(timeline.all(view.view, end - DAY, null, end));
  const startedAt = performance.now();
  const again = await HistoryFile.open(folder, options);
  new TimelineRecorder(zlibCodec).restore(again?.records ?? [], end);
  const took = performance.now() - startedAt;
  await again?.file.close();
  rmSync(folder, { recursive: true });
  rows.push([
    what,
    megabytes(used),
    megabytes(size),
    megabytes(written),
    fixed(took, 0),
    fixed(day.length / 1000, 0),
    timeline.forgottenUntil === null ? 24 : fixed((end - timeline.forgottenUntil) / 3_600_000, 1),
  ]);
}

await measure('ordinary swarm, no page', ORDINARY, 10_000);
await measure('crash loop, no page', CRASHING, 10_000);
// Takes minutes.
if (process.env.HISTORY_PAGE) await measure('crash loop, a page all day', CRASHING, 1000);
printTable(
  'A recorded day',
  [
    '',
    'memory MB',
    'file MB',
    'written MB',
    'start reads it in ms',
    '24 h for a page kB',
    'kept h',
  ],
  rows,
);

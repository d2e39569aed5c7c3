import { readFileSync } from 'node:fs';
import { taskReading } from '@/lib/swarm/engine-json';
import { listOf } from '@/lib/swarm/read-list';
import { fixed, printTable } from './table';

/**
 * CPU time of parsing a list of 5,000 tasks, as the engine sends it, beside `JSON.parse` of the same text; and with
 * something odd about each of them.
 */

const TASKS = 5000;
const ROUNDS = 15;

type Json = Record<string, unknown>;
const file = new URL('../fixtures/engine/tasks.json', import.meta.url);
const [model] = JSON.parse(readFileSync(file, 'utf8')) as [Json];
const tasks = listOf(taskReading);

const CASES: readonly (readonly [name: string, edit: (task: Json) => Json])[] = [
  ['nothing odd', (task) => task],
  ['no Spec', ({ Spec: _spec, ...task }) => task],
  ['Err a number', (task) => ({ ...task, Status: { ...(task['Status'] as Json), Err: 5 } })],
  ['NodeID a number', (task) => ({ ...task, NodeID: 5 })],
  ['an ID alone', ({ ID }) => ({ ID })],
];

/** Median CPU time (ms) of `run` on what `prepare` returns. */
function cpuMs<T>(prepare: () => T, run: (value: T) => void): number {
  const times = Array.from({ length: ROUNDS }, () => {
    const value = prepare();
    const before = process.cpuUsage();
    run(value);
    return process.cpuUsage(before).user / 1000;
  });
  return times.sort((a, b) => a - b)[ROUNDS >> 1] ?? 0;
}

const rows = CASES.map(([name, edit]) => {
  const list = Array.from({ length: TASKS }, (_, n) => edit({ ...model, ID: `task-${n}` }));
  const text = JSON.stringify(list);
  const json = cpuMs(
    () => text,
    (one) => void JSON.parse(one),
  );
  const parsed = cpuMs(
    () => JSON.parse(text) as unknown,
    (one) => void tasks.whole.parse(one),
  );
  return [name, Math.round(text.length / 1000), fixed(json, 1), fixed(parsed, 1)];
});
printTable(
  `A list of ${TASKS} tasks`,
  ['what is odd', 'kB', 'JSON.parse, CPU ms', 'entities, CPU ms'],
  rows,
);

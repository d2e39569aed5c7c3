import { writeSync } from 'node:fs';
import { HistoryFile } from '../../lib/history/history-file';
import type { HistoryRecord } from '../../lib/swarm/history-records';

/**
 * A process that appends numbered records to a history until it is killed, and prints the number of each that is in the
 * file. Records before the first number are kept when the file is written anew, which happens often.
 */

const [folder = '', first = '0'] = process.argv.slice(2);
const kept: HistoryRecord[] = [];
const opened = await HistoryFile.open(folder, {
  report: (_, message) => process.stderr.write(`${message}\n`),
  records: () => [...kept],
  maxSize: 60_000,
});
if (!opened) process.exit(3);
kept.push(...opened.records);
// Not `process.stdout`: what a busy reader has not read waits in the process, and is lost with it.
writeSync(1, 'ready\n');
for (let number = Number(first); ; number++) {
  const text = `${number} `.padEnd(40 + ((number * 37) % 400), 'x');
  const about = { serviceId: null, nodeId: null, taskId: null, time: null };
  const entry = { kind: 'scaled' as const, text, bad: false, ...about };
  const record = {
    entry: { ...entry, seq: number, at: number, viewAt: number, after: null, unseen: null },
  };
  kept.push(record);
  opened.file.add(record);
  await opened.file.written();
  writeSync(1, `${number}\n`);
}

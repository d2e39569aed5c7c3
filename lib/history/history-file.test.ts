import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { anEntry, aGap } from '@/tests/factories/timeline';
import { asNobody } from '@/tests/support/nobody';
import type { HistoryRecord } from '../swarm/history-records';
import { HistoryFile } from './history-file';

let folder: string;
let reports: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clusterhat-history-'));
  reports = [];
  return () => rmSync(folder, { recursive: true, force: true });
});

const path = () => join(folder, 'history.jsonl');

async function openFile(records: () => HistoryRecord[] = () => [], at = folder) {
  const opened = await HistoryFile.open(at, {
    report: (level, message) => reports.push(`${level}: ${message}`),
    records,
    retryMs: 20,
  });
  if (opened) onTestFinished(() => opened.file.close());
  return opened;
}

/** Opens the file, adds records and closes it. */
async function written(...records: HistoryRecord[]): Promise<void> {
  const opened = await openFile();
  for (const record of records) opened?.file.add(record);
  await opened?.file.close();
}

const ENTRY = { entry: anEntry() };
const GAP = { gap: aGap() };

test('returns what was added, after a restart and another one', async () => {
  await written(ENTRY);
  await written(GAP, { alive: 5 });
  expect((await openFile())?.records).toEqual([ENTRY, GAP, { alive: 5 }]);
  expect(reports).toEqual([]);
  expect(statSync(path()).mode & 0o777).toBe(0o600);
});

test('drops an incomplete last line, wherever it was cut', async () => {
  await written(ENTRY, GAP);
  const whole = readFileSync(path());
  const end = whole.lastIndexOf(10, whole.length - 2) + 1;
  for (let size = whole.length - 1; size >= end; size -= 7) {
    writeFileSync(path(), whole);
    truncateSync(path(), size);
    const opened = await openFile();
    expect(opened?.records).toEqual([ENTRY]);
    opened?.file.add({ alive: 9 });
    await opened?.file.close();
    const again = await openFile();
    expect(again?.records).toEqual([ENTRY, { alive: 9 }]);
    await again?.file.close();
  }
  expect(reports).toEqual([]);
});

test('leaves out damaged lines, and says how many', async () => {
  await written(ENTRY);
  appendFileSync(path(), '{"entry":{"seq":"x"}}\n\0\0\0\n{"other":1}\n');
  appendFileSync(path(), `${JSON.stringify(GAP)}\n`);
  expect((await openFile())?.records).toEqual([ENTRY, GAP]);
  expect(reports).toEqual([expect.stringMatching(/^warn: 3 lines of .* are damaged/)]);
});

test('does not read on after many damaged lines, and keeps what it has read', async () => {
  await written(ENTRY);
  const text = `${readFileSync(path(), 'utf8')}${'{}\n'.repeat(1001)}${'x\n'.repeat(1e6)}`;
  writeFileSync(path(), text);
  const records: HistoryRecord[] = [];
  const began = performance.now();
  const opened = await openFile(() => records);
  expect(performance.now() - began).toBeLessThan(2000);
  expect(opened?.records).toEqual([ENTRY]);
  expect(reports).toEqual([
    expect.stringMatching(/has more than 1000 damaged lines, and is put aside/),
  ]);
  expect(statSync(`${path()}.old`).size).toBe(text.length);
  records.push(ENTRY, GAP);
  opened?.file.add(GAP);
  await opened?.file.close();
  expect((await openFile())?.records).toEqual([ENTRY, GAP]);
});

test.each([
  ['a later version', '{"format":"clusterhat-history","version":2}\n{"x":1}\n', 'is of version 2'],
  ['another format', 'hello\n', 'is no history'],
  ['another format without a line', 'hello', 'is no history'],
  ['another format with an incomplete line', '{"format":"else"}\nhel', 'is no history'],
  ['another format with a long line', `${'x'.repeat(5000)}\n`, 'is no history'],
  ['zeros, as a power cut leaves it', '\0'.repeat(5000), 'is no history'],
])('puts a file of %s aside', async (_, text, words) => {
  writeFileSync(path(), text);
  const opened = await openFile();
  expect(opened?.records).toEqual([]);
  expect(reports).toEqual([expect.stringContaining(words)]);
  expect(readFileSync(`${path()}.old`, 'utf8')).toBe(text);
  opened?.file.add(ENTRY);
  await opened?.file.close();
  expect((await openFile())?.records).toEqual([ENTRY]);
});

test('continues a file of which only the start was written', async () => {
  await written();
  const { size } = statSync(path());
  for (let length = 0; length <= size; length += 5) {
    truncateSync(path(), Math.min(length, statSync(path()).size));
    await written(ENTRY);
    const opened = await openFile();
    expect(opened?.records).toEqual([ENTRY]);
    await opened?.file.close();
  }
  expect(reports).toEqual([]);
});

test('puts a file aside that another user has written, and takes the folder from its killed process', async () => {
  const opened = await openFile();
  opened?.file.add(ENTRY);
  await opened?.file.written();
  const socket = join(folder, 'lock');
  expect(statSync(socket).mode & 0o666).toBe(0o666);
  chmodSync(folder, 0o777);
  await asNobody(async () => {
    expect(await openFile()).toBeNull();
    expect(reports).toEqual([expect.stringContaining('another dashboard keeps its history in')]);
  });
  await opened?.file.close();
  // Root reads every file.
  if (process.getuid?.() !== 0) return;
  await asNobody(async () => {
    await written(GAP);
    expect(reports.at(-1)).toContain('may not be read by this user, and is put aside');
    const again = await openFile();
    expect(again?.records).toEqual([GAP]);
    await again?.file.close();
  });
  expect(readFileSync(`${path()}.old`, 'utf8')).toContain(ENTRY.entry.text);
});

test('a second dashboard on one folder says so, and the first goes on', async () => {
  const first = await openFile();
  expect(await openFile()).toBeNull();
  expect(reports).toEqual([
    `warn: another dashboard keeps its history in ${folder}: here the history is kept in memory only.`,
  ]);
  first?.file.add(ENTRY);
  await first?.file.close();
  expect((await openFile())?.records).toEqual([ENTRY]);
});

test('of several that start at once, at most one has the folder', async () => {
  await written(ENTRY);
  // As a killed process leaves it.
  writeFileSync(join(folder, 'lock'), '');
  const opened = await Promise.all(Array.from({ length: 5 }, () => openFile()));
  expect(opened.filter((one) => one !== null).length).toBeLessThanOrEqual(1);
});

test('stays below its size by writing the records anew', async () => {
  let records: HistoryRecord[] = [];
  const opened = await HistoryFile.open(folder, {
    report: (_, message) => reports.push(message),
    records: () => records,
    maxSize: 50_000,
  });
  for (let turn = 0; turn < 500; turn++) {
    const record = { entry: anEntry({ text: 'x'.repeat(500) }) };
    records = [...records, record].slice(-20);
    opened?.file.add(record);
    await opened?.file.written();
    expect(statSync(path()).size).toBeLessThan(60_000);
  }
  await opened?.file.close();
  expect((await openFile())?.records.slice(-20)).toEqual(records);
  expect(existsSync(`${path()}.new`)).toBe(false);
  expect(reports).toEqual([]);
});

test('keeps the history of another swarm beside the new one', async () => {
  await written(ENTRY);
  const opened = await openFile(() => [GAP]);
  opened?.file.replace(true);
  await opened?.file.close();
  expect((await openFile())?.records).toEqual([GAP]);
  expect(readFileSync(`${path()}.old`, 'utf8')).toContain(ENTRY.entry.text);
});

test('creates the folder, but not its parents', async () => {
  const missing = join(folder, 'state');
  expect(await openFile(undefined, join(missing, 'deeper'))).toBeNull();
  expect(reports).toEqual([
    `warn: there is no folder ${join(missing, 'deeper')}: the history is kept in memory only.`,
  ]);
  expect(await openFile(undefined, missing)).not.toBeNull();
});

test('a file in the place of the folder is reported', async () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  expect(await openFile(undefined, file)).toBeNull();
  expect(reports[0]).toContain(`${file} is no folder`);
});

test('a folder that this user may not write to is reported', async () => {
  const writer = bundledWriter();
  chmodSync(folder, 0o755);
  const state = join(folder, 'state');
  mkdirSync(state, { mode: 0o555 });
  // Root may write everywhere.
  const unprivileged = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const child = spawn(process.execPath, [writer, state], { ...unprivileged, stdio: 'pipe' });
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  expect(await once(child, 'close')).toEqual([3, null]);
  expect(output).toBe(`this user may not write to ${state}: the history is kept in memory only.\n`);
});

test('stops appending after another process has replaced the lock', async () => {
  const opened = await openFile();
  rmSync(join(folder, 'lock'));
  opened?.file.add(GAP);
  await opened?.file.written();
  expect(reports.at(-1)).toContain('another dashboard has taken the folder');
  expect(readFileSync(path(), 'utf8')).not.toContain('gap');
});

// /dev/full refuses every write with ENOSPC.
test.skipIf(!existsSync('/dev/full'))(
  'a full disk is reported once, and everything is written when there is room again',
  async () => {
    const records: HistoryRecord[] = [ENTRY, GAP];
    symlinkSync('/dev/full', path());
    symlinkSync('/dev/full', `${path()}.new`);
    const opened = await openFile(() => {
      // Recorded while the file is written anew.
      queueMicrotask(() => opened?.file.add({ alive: 9 }));
      return [...records];
    });
    for (const record of records) opened?.file.add(record);
    await opened?.file.written();
    expect(reports).toEqual([
      `warn: there is no space left in ${folder}: the history is kept in memory, and written when that works again.`,
    ]);
    records.push({ alive: 7 });
    opened?.file.add({ alive: 7 });
    await vi.waitFor(() => expect(reports).toHaveLength(2), { timeout: 5000 });
    expect(reports[1]).toBe(`info: the history is written to ${folder} again.`);
    opened?.file.add({ alive: 8 });
    await opened?.file.close();
    expect((await openFile())?.records).toEqual([...records, { alive: 9 }, { alive: 8 }]);
  },
);

/** The writer as one file of JavaScript, which starts in no time. */
function bundledWriter(): string {
  const outfile = join(folder, 'writer.mjs');
  if (!existsSync(outfile)) {
    const entryPoints = ['tests/support/history-writer.ts'];
    buildSync({ entryPoints, bundle: true, platform: 'node', format: 'esm', outfile });
  }
  return outfile;
}

/** Runs `tests/support/history-writer.ts` until it has printed a number, then kills it; returns the last one printed. */
async function killedWriter(first: number, afterMs: number): Promise<number> {
  const child = spawn(process.execPath, [bundledWriter(), folder, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const exit = once(child, 'close');
  await vi.waitFor(() => expect(output).toContain('ready'), { timeout: 30_000 });
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  child.kill('SIGKILL');
  await exit;
  const lines = output.slice(0, output.lastIndexOf('\n')).split('\n');
  const last = Number(lines.at(-1));
  return Number.isNaN(last) ? first - 1 : last;
}

test('a process that is killed while it writes loses nothing that was in the file', async () => {
  let next = 0;
  for (let turn = 0; turn < 16; turn++) {
    const acknowledged = await killedWriter(next, Math.random() * 60);
    const opened = await openFile();
    const numbers = (opened?.records ?? []).map((record) =>
      'entry' in record ? record.entry.seq : -1,
    );
    await opened?.file.close();
    expect(numbers.slice(0, acknowledged + 1)).toEqual(
      Array.from({ length: acknowledged + 1 }, (_, number) => number),
    );
    // At most the one record that was being written.
    expect(numbers.length).toBeLessThanOrEqual(acknowledged + 2);
    next = numbers.length;
  }
  expect(next).toBeGreaterThan(50);
  expect(reports).toEqual([]);
}, 120_000);

test('a folder that is in use by a killed process is free', async () => {
  await killedWriter(0, 5);
  expect(existsSync(join(folder, 'lock'))).toBe(true);
  expect(await openFile()).not.toBeNull();
}, 60_000);

import { expect, test } from 'vitest';
import { aTask, aView } from '@/tests/factories/view';
import { packedViewsSchema, type HistoryRecord } from './history-records';
import { diffViews } from './patch';
import { PLAIN_CODEC, TimelineArchive } from './timeline-archive';

/** An archive of a view in which one task changes `count` times; each error text has `length` characters. */
function archived(count: number, length: number, firstLength = length) {
  const archive = new TimelineArchive(PLAIN_CODEC);
  const viewAt = (at: number) =>
    aView({ tasks: [aTask({ error: `${at}`.padEnd(at === 0 ? firstLength : length, 'x') })] });
  for (let at = 1; at <= count; at++) {
    const [before, view] = [viewAt(at - 1), viewAt(at)];
    const patch = diffViews(before, view) ?? {};
    const { length: size } = JSON.stringify(patch);
    archive.addFrame({ at: at - 1, view: before }, { at, patch, size, own: true });
  }
  return { archive, viewAt, packs: archive.records().flatMap(framesOf) };
}

/** How many patches a pack has. */
function framesOf(record: HistoryRecord): number[] {
  if (!('packed' in record)) return [];
  const text = PLAIN_CODEC.unpack(PLAIN_CODEC.fromText(record.packed.data));
  return [packedViewsSchema.parse(JSON.parse(text)).frames.length];
}

test.each([
  ['ordinary views by 64 patches', 200, 10, 10, [64, 64, 64]],
  ['large patches by their size', 30, 60_000, 60_000, [9, 9, 9]],
  ['a large view with more patches, up to 1000', 2500, 10, 1_000_000, [1000]],
])('packs %s', (_, count, length, firstLength, packs) => {
  const all = archived(count, length, firstLength);
  expect(all.packs.slice(0, packs.length)).toEqual(packs);
  for (const at of [1, 63, 64, 65, 199, 999, 1000, 1001].filter((at) => at <= count)) {
    expect(all.archive.viewAt(at)).toEqual({ at, view: all.viewAt(at) });
  }
});

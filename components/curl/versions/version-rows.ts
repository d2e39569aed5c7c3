import type { Run, Second, Share, RunVersion } from '@/lib/curl/run';
import { clockTime } from '@/lib/swarm/duration';
import type { SecondsRange } from '../charts/bar-layout';

/** A version as the page shows it. */
export interface VersionRow {
  readonly version: RunVersion;
  /** From 1. */
  readonly number: number;
  /** Its image; of versions with one image also when it became the service's. */
  readonly name: string;
  readonly color: string;
}

/** Grey for the oldest, so that the newer ones stand out; the numbers tell them apart without colour. */
const COLORS = [
  'var(--color-faint)',
  'var(--color-accent)',
  'color-mix(in oklab, var(--color-accent) 55%, var(--color-ink))',
  'color-mix(in oklab, var(--color-accent) 45%, var(--color-panel))',
] as const;

/** The versions in the order in which the service had them. */
export function versionRows(versions: readonly RunVersion[]): VersionRow[] {
  return versions.map((version, at) => ({
    version,
    number: at + 1,
    name: nameOf(version, versions),
    color: COLORS[at % COLORS.length] ?? COLORS[0],
  }));
}

function nameOf({ image, since }: RunVersion, versions: readonly RunVersion[]): string {
  const same = versions.filter((other) => other.image === image);
  if (same.length === 1) return image;
  if (since !== null) return `${image}, spec of ${clockTime(since).slice(0, 5)}`;
  const next = same.find((other) => other.since !== null)?.since;
  return next ? `${image}, spec before ${clockTime(next).slice(0, 5)}` : image;
}

/** Answers in each of the last seconds by version, and the failed requests as the last row. */
export function secondsByVersion(
  seconds: readonly Second[],
  shares: readonly Pick<Share, 'taskId' | 'version'>[],
  versions: Run['versions'],
  { first, past }: SecondsRange,
): number[][] {
  const versionOf = new Map(shares.map(({ taskId, version }) => [taskId, version]));
  const rows = Array.from({ length: versions.length + 1 }, () =>
    Array.from({ length: past }, () => 0),
  );
  for (const { second, answers, failed } of seconds) {
    const at = second - first;
    const add = (row: number, count: number) => {
      const counts = rows[row];
      if (counts && at in counts) counts[at] = (counts[at] ?? 0) + count;
    };
    for (const [taskId, count] of Object.entries(answers)) {
      add(versionOf.get(taskId) ?? -1, count);
    }
    add(versions.length, failed);
  }
  return rows;
}

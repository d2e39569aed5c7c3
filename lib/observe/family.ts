import type { Durations, Labels, Series } from './counters';

/** One number with its labels; a histogram's samples have their own names. */
export interface Sample {
  readonly labels: Labels;
  readonly value: number;
  readonly metricName?: string;
}

/** A metric's name, and how its samples are read at a scrape. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly read: () => Sample[];
}

/** A number that can go up and down. Samples with the same labels are added up: no two series may be equal. */
export function gauge(name: string, help: string, read: () => Sample[]): Family {
  return { name, help, type: 'gauge', read: () => addedUp(read()) };
}

/** What was counted since the start. */
export function counter(
  name: string,
  help: string,
  read: () => Iterable<Series<number>> | Sample[],
): Family {
  return { name, help, type: 'counter', read: () => [...read()] };
}

/** Durations in buckets with these upper bounds, in seconds. */
export function histogram(
  name: string,
  help: string,
  bounds: readonly number[],
  read: () => Iterable<Series<Durations>>,
): Family {
  // As OpenMetrics writes a number: `1.0`. One name for a bucket in both formats.
  const texts = [...bounds.map((le) => (Number.isInteger(le) ? `${le}.0` : `${le}`)), '+Inf'];
  return {
    name,
    help,
    type: 'histogram',
    read: () =>
      [...read()].flatMap(({ labels, value: { buckets, sum } }) => {
        let below = 0;
        const cumulated = texts.map((le, at) => {
          below += buckets[at] ?? 0;
          return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: below };
        });
        return [
          ...cumulated,
          { metricName: `${name}_sum`, labels, value: sum },
          { metricName: `${name}_count`, labels, value: below },
        ];
      }),
  };
}

/** One sample without labels; none for null. */
export function single(value: number | null): Sample[] {
  return value === null ? [] : [{ labels: {}, value }];
}

function addedUp(samples: Sample[]): Sample[] {
  const byLabels = new Map<string, Sample>();
  for (const sample of samples) {
    const key = JSON.stringify(Object.values(sample.labels));
    const value = (byLabels.get(key)?.value ?? 0) + sample.value;
    byLabels.set(key, { ...sample, value });
  }
  return [...byLabels.values()];
}

/** A release of Docker's engine whose API the demo can serve. */
export interface Release {
  /** Its newest API version: requests without a version in their path get this one. */
  api: string;
  /** The oldest API version that it accepts. */
  minApi: string;
  /** The version of the engine. */
  engine: string;
  /** The version of Go that it is built with. */
  go: string;
}

/** What the demo serves by default. */
export const NEWEST: Release = { api: '1.55', minApi: '1.40', engine: '29.7.0', go: 'go1.26' };

/** The last release of each API version, oldest first. Docker 29.0 to 29.2 refused more than later ones do. */
export const RELEASES: readonly Release[] = [
  { api: '1.40', minApi: '1.12', engine: '19.03.15', go: 'go1.13' },
  { api: '1.41', minApi: '1.12', engine: '20.10.24', go: 'go1.19' },
  { api: '1.42', minApi: '1.12', engine: '23.0.6', go: 'go1.19' },
  { api: '1.43', minApi: '1.12', engine: '24.0.9', go: 'go1.20' },
  { api: '1.44', minApi: '1.24', engine: '25.0.5', go: 'go1.21' },
  { api: '1.45', minApi: '1.24', engine: '26.1.5', go: 'go1.21' },
  { api: '1.46', minApi: '1.24', engine: '27.1.2', go: 'go1.21' },
  { api: '1.47', minApi: '1.24', engine: '27.5.1', go: 'go1.22' },
  { api: '1.48', minApi: '1.24', engine: '28.0.4', go: 'go1.23' },
  { api: '1.49', minApi: '1.24', engine: '28.1.1', go: 'go1.23' },
  { api: '1.50', minApi: '1.24', engine: '28.2.2', go: 'go1.24' },
  { api: '1.51', minApi: '1.24', engine: '28.5.2', go: 'go1.25' },
  { api: '1.52', minApi: '1.44', engine: '29.1.5', go: 'go1.25' },
  { api: '1.53', minApi: '1.44', engine: '29.2.1', go: 'go1.25' },
  { api: '1.54', minApi: '1.40', engine: '29.3.0', go: 'go1.25' },
  NEWEST,
];

/** The release with an API version; undefined if the demo cannot serve it. */
export function releaseOf(api: string): Release | undefined {
  return RELEASES.find((release) => release.api === api);
}

/** Compares dotted version numbers: negative if `a` is older than `b`. */
export function compareVersions(a: string, b: string): number {
  const [as, bs] = [a.split('.').map(Number), b.split('.').map(Number)];
  for (let i = 0; i < Math.max(as.length, bs.length); i += 1) {
    const difference = (as[i] ?? 0) - (bs[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether an API version is `wanted` or newer. */
export function atLeast(api: string, wanted: string): boolean {
  return compareVersions(api, wanted) >= 0;
}

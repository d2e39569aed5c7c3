import type { EngineVersion } from '../engine-json';
import type { FieldError, FormMode } from './form';

/** The API version of Docker 20.10, which brought jobs and limits of processes (moby docs/api/version-history.md). */
const NEEDED = { minor: 41, docker: '20.10' };

/** The parts of a form, or of a patch, that an older engine lacks. */
interface Wanted {
  mode?: FormMode;
  limits?: { pids?: number | undefined } | undefined;
}

/**
 * What a form needs and an engine does not have, at its field. The engine would leave it out without a word: of a job it
 * makes a replicated service. None where its version is not known.
 */
export function engineGaps(
  { mode, limits }: Wanted,
  engine: Partial<EngineVersion> | null,
): FieldError[] {
  const { Version = '', ApiVersion = '' } = engine ?? {};
  const minor = Number(/^1\.(\d+)$/.exec(ApiVersion)?.[1] ?? Number.NaN);
  if (!(minor < NEEDED.minor)) return [];
  const release = /^\d+\.\d+(?=\.|$)/.exec(Version)?.[0];
  const name = release === undefined ? `This engine (API ${ApiVersion})` : `Docker ${release}`;
  return [
    ...(mode === 'replicated-job' || mode === 'global-job'
      ? [{ field: 'mode', message: `${name} has no jobs; they need Docker ${NEEDED.docker}.` }]
      : []),
    ...((limits?.pids ?? 0) > 0
      ? [
          {
            field: 'limits.pids',
            message: `${name} has no limit of processes; it needs Docker ${NEEDED.docker}.`,
          },
        ]
      : []),
  ];
}

/** Whether there are engines that lack a part of a form. */
export function needsVersion(form: Wanted): boolean {
  return engineGaps(form, { ApiVersion: '1.0' }).length > 0;
}

import { memo } from 'react';
import { ERROR_KINDS, type Run } from '@/lib/curl/run';
import { ERROR_WORDS } from '../words';

/** Hatched like errors in the charts. */
const HATCHED =
  'mr-1.25 inline-block size-2.75 rounded-xs bg-[repeating-linear-gradient(135deg,currentColor_0_1.5px,transparent_1.5px_4px)] align-[-1px] inset-ring inset-ring-current';

/** Failed requests by kind of error, with an explanation. */
export const ErrorList = memo(function ErrorList({ errors }: Pick<Run, 'errors'>) {
  const kinds = ERROR_KINDS.filter((kind) => (errors[kind] ?? 0) > 0);
  return (
    <dl
      className="mt-4 grid gap-x-3 empty:hidden gap-y-1 text-xs sm:grid-cols-[auto_1fr]"
      aria-label="Errors by kind"
    >
      {kinds.map((kind) => (
        <div key={kind} className="contents">
          <dt className={kind === 'unknown container' ? 'text-warn' : 'text-bad'}>
            <span aria-hidden className={HATCHED} />
            <b>{errors[kind]}</b> × <b>{kind}</b>
          </dt>
          <dd className="text-dim">{ERROR_WORDS[kind]}</dd>
        </div>
      ))}
    </dl>
  );
});

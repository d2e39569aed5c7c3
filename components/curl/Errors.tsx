import { ERROR_KINDS, type Run } from '@/lib/curl/run';
import { ERROR_WORDS } from './words';

/** How many requests failed in which way, and what that means. */
export function Errors({ run }: { run: Run }) {
  const kinds = ERROR_KINDS.filter((kind) => (run.errors[kind] ?? 0) > 0);
  return (
    <dl
      className="mt-4 grid min-h-5 gap-x-3 gap-y-1 text-xs sm:grid-cols-[auto_1fr]"
      aria-label="Errors by kind"
    >
      {kinds.map((kind) => (
        <div key={kind} className="contents">
          <dt className={kind === 'unknown container' ? 'text-warn' : 'text-bad'}>
            <b>{run.errors[kind]}</b> × <b>{kind}</b>
          </dt>
          <dd className="text-dim">{ERROR_WORDS[kind]}</dd>
        </div>
      ))}
    </dl>
  );
}

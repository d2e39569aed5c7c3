import { ERROR_KINDS, type Run } from '@/lib/curl/run';
import { ERROR_WORDS } from './words';

/** How many requests failed in which way, and what that means. */
export function Errors({ run }: { run: Run }) {
  const kinds = ERROR_KINDS.filter((kind) => (run.errors[kind] ?? 0) > 0);
  if (kinds.length === 0) return null;
  return (
    <dl className="mt-4 grid gap-1 text-xs" aria-label="Errors by kind">
      {kinds.map((kind) => (
        <div key={kind} className="flex gap-2">
          <dt className="w-38 shrink-0 font-semibold text-bad">
            <span className="inline-block min-w-6 text-right">{run.errors[kind]}</span> × {kind}
          </dt>
          <dd className="text-dim">{ERROR_WORDS[kind]}</dd>
        </div>
      ))}
    </dl>
  );
}

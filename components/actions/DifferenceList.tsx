import type { SpecDifference } from '@/lib/swarm/spec/difference';

/** What differs between two specs, a row each: the label, and the value before and after. Nothing without any. */
export function DifferenceList({ differences }: { differences: readonly SpecDifference[] }) {
  if (differences.length === 0) return null;
  return (
    <ul className="space-y-1" data-differences>
      {differences.map(({ path, label, kind, before, after }, at) => (
        // Several can have one name, such as secrets whose names are hidden.
        <li key={`${at} ${path} ${label}`} data-difference={kind} className="wrap-anywhere">
          <span className="text-dim">{label}</span>{' '}
          <Values kind={kind} before={before} after={after} />
        </li>
      ))}
    </ul>
  );
}

/** A value that is null is hidden, or was not there. An entry without a value is named by its label alone. */
function Values({ kind, ...values }: Pick<SpecDifference, 'kind' | 'before' | 'after'>) {
  const before = kind === 'removed' ? values.before || null : values.before;
  const after = kind === 'added' ? values.after || null : values.after;
  if (before === null && after === null) return kind;
  return (
    <span className="font-mono text-xs">
      {before !== null && <del className="text-bad decoration-1">{shown(before)}</del>}
      {before !== null && after !== null && (
        <>
          <span aria-hidden> → </span>
          <span className="sr-only">becomes</span>
        </>
      )}
      {after !== null && <ins className="text-ok no-underline">{shown(after)}</ins>}
      {(before === null || after === null) && <span className="text-dim"> {kind}</span>}
    </span>
  );
}

/** A value on the page; of an image's digest the first characters tell it apart. */
function shown(value: string): string {
  return value.replaceAll(/(@sha256:[0-9a-f]{12})[0-9a-f]{52}\b/g, '$1…') || 'empty';
}

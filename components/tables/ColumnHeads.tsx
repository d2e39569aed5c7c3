import { Term } from '../ui/Term';
import type { TermId } from '../ui/terms';

/** The head of a table, with docker's own column names. `terms`: the words behind some of them. */
export function ColumnHeads({
  names,
  terms,
}: {
  names: readonly string[];
  terms: Readonly<Partial<Record<string, TermId>>>;
}) {
  return (
    <thead>
      <tr>
        {names.map((name) => {
          const term = terms[name];
          return (
            <th key={name} scope="col">
              {term ? <Term id={term}>{name}</Term> : name}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

import type { RolePreview } from '@/lib/swarm/spec/quorum';

const ROWS = [
  ['managers', 'Managers'],
  ['reachable', 'Reachable'],
  ['needed', 'Needed for changes'],
  ['tolerated', 'May fail'],
] as const;

/** The managers before and after a change of role, and what that means. */
export function Managers({
  preview: { before, after, summary, warnings, refused },
}: {
  preview: RolePreview;
}) {
  if (refused !== null) return null;
  return (
    <div className="space-y-2" data-managers>
      <table className="border-collapse text-left cells:py-0.5 cells:pr-4 cells:font-normal">
        <thead className="text-xs text-dim">
          <tr>
            <th scope="col">
              <span className="sr-only">What</span>
            </th>
            <th scope="col">Now</th>
            <th scope="col">Then</th>
          </tr>
        </thead>
        <tbody>
          {ROWS.map(([key, label]) => (
            <tr key={key} data-quorum={key}>
              <th scope="row">{label}</th>
              <td className="tabular-nums">{before[key]}</td>
              <td className="tabular-nums">{after[key]}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>{summary}</p>
      {warnings.map((warning) => (
        <p key={warning} className="text-warn">
          {warning}
        </p>
      ))}
    </div>
  );
}

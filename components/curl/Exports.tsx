import type { Run } from '@/lib/curl/run';

/** Every answer of a run to take away. */
export function Exports({ run: { id } }: { run: Pick<Run, 'id'> }) {
  const path = `api/runs/${encodeURIComponent(id)}`;
  const files = [
    { name: 'answers as CSV', href: `${path}/answers?format=csv`, file: `run-${id}.csv` },
    { name: 'answers as JSON', href: `${path}/answers`, file: `run-${id}-answers.json` },
    { name: 'summary as JSON', href: path, file: `run-${id}.json` },
  ];
  return (
    <p className="mt-3 flex flex-wrap items-center gap-x-3 text-xs text-dim">
      <span>take away</span>
      {files.map(({ name, href, file }) => (
        <a
          key={file}
          href={href}
          download={file}
          className="py-1 text-accent underline underline-offset-3"
        >
          {name}
        </a>
      ))}
    </p>
  );
}

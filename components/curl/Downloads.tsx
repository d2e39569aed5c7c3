import type { Run } from '@/lib/curl/run';

/** Links that download a run's answers and summary. */
export function Downloads({ run: { id } }: { run: Pick<Run, 'id'> }) {
  const path = `api/runs/${encodeURIComponent(id)}`;
  const files = [
    { name: 'Answers (CSV)', href: `${path}/answers?format=csv`, file: `run-${id}.csv` },
    { name: 'Answers (JSON)', href: `${path}/answers`, file: `run-${id}-answers.json` },
    { name: 'Summary (JSON)', href: path, file: `run-${id}.json` },
  ];
  return (
    <p className="mt-3 flex flex-wrap items-center gap-x-3 text-xs text-dim">
      <span>Download</span>
      {files.map(({ name, href, file }) => (
        <a
          key={file}
          href={href}
          download={file}
          className="py-1 text-accent touch:py-3.5 underline underline-offset-3"
        >
          {name}
        </a>
      ))}
    </p>
  );
}

import { useId, type ReactNode } from 'react';
import { Box } from './Box';

/** A section of the page with a heading, a landmark. `note`: beside the title. */
export function Card({
  title,
  note,
  className,
  children,
}: {
  title: ReactNode;
  note?: ReactNode;
  className?: string;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <Box aria-labelledby={id} className={className}>
      <div className="mb-3 flex flex-wrap items-baseline gap-x-2.5 gap-y-1">
        <h2 id={id} className="text-sm">
          {title}
        </h2>
        {note && <div className="min-w-0 text-dim">{note}</div>}
      </div>
      {children}
    </Box>
  );
}

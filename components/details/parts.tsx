import { useId, type ReactNode } from 'react';
import { Button } from '../ui/Button';
import { Skeleton } from '../ui/Skeleton';
import type { DetailsTarget } from './details-link';
import { openDetails } from './details-store';
import type { PortLink } from './port-links';
import type { Loaded } from './use-details';

/** A part of the details with a heading. */
export function Section({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h3 id={id} className="mb-1.5 text-xs font-semibold text-dim">
        {title}
      </h3>
      {children}
    </section>
  );
}

/** A fact's name and value; one without a value is left out. */
export type Fact = readonly [name: string, value: ReactNode];

/** Facts, one below the other. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className="grid grid-cols-[6.5rem_minmax(0,1fr)] gap-x-3 gap-y-1">
      {facts.map(
        ([name, value]) =>
          Boolean(value) && (
            <div key={name} className="contents">
              <dt className="text-dim">{name}</dt>
              <dd className="min-w-0 wrap-anywhere">{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

/** Published ports, each with a link that opens it in a new tab; nothing without one. */
export function Ports({ links }: { links: readonly PortLink[] }) {
  if (links.length === 0) return null;
  return (
    <Section title="Published ports">
      <ul className="grid gap-1">
        {links.map(({ text, note, url }) => (
          <li key={`${text} ${note}`} className="flex flex-wrap items-baseline gap-x-3">
            <span className="font-mono text-xs">{text}</span>
            {url && (
              <a
                className="underline touch:relative touch:-my-3 touch:min-w-11 touch:py-3"
                href={url}
                target="_blank"
                rel="noopener noreferrer"
                aria-label={`Open ${url} in a new tab`}
              >
                Open
              </a>
            )}
            <span className="text-xs text-dim">{note}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** Text in a fixed-width font that a click selects as a whole. */
export function Code({ children }: { children: string }) {
  return <code className="font-mono text-xs select-all">{children}</code>;
}

/** Opens other details in place of these. */
export function DetailsLink({ to, children }: { to: DetailsTarget; children: ReactNode }) {
  return (
    <Button
      look="inline"
      className="text-left wrap-anywhere touch:relative touch:-my-3 touch:min-h-11 touch:min-w-11"
      onClick={() => openDetails(to, null)}
    >
      {children}
    </Button>
  );
}

/** Why the part that comes from the server is missing; a placeholder while it is loaded. */
export function Loading({ loaded }: { loaded: Loaded<unknown> }) {
  if (loaded.problem) {
    return <p className="text-warn">{`Not all details can be shown. ${loaded.problem.detail}`}</p>;
  }
  return loaded.data ? null : <Skeleton className="h-16" />;
}

/** The buttons or the logs of a task or node, in the place where they belong. */
export function Room({ of, children }: { of: 'actions' | 'logs'; children?: ReactNode }) {
  return (
    <div className="empty:hidden" data-details-room={of}>
      {children}
    </div>
  );
}

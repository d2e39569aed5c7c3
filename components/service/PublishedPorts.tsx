'use client';

import { openPorts } from '@/lib/swarm/open-url';
import type { ServiceView, SwarmView } from '@/lib/swarm/view';
import { Term } from '../ui/Term';

/** Maximum of ports listed; the line above has all. */
const MOST = 3;

/** The published ports of a service, each with a link that opens it. */
export function PublishedPorts({ service, view }: { service: ServiceView; view: SwarmView }) {
  const ports = openPorts(service, view.nodes, location.hostname);
  if (ports.length === 0) return null;
  return (
    <ul className="mt-1 grid gap-0.5 text-xs text-dim">
      {ports.slice(0, MOST).map(({ port, mode, url }) => (
        <li key={port} className="flex flex-wrap items-center gap-x-2">
          <span>
            <Term id="published port">Published port</Term>{' '}
            <b className="font-semibold text-ink">{port}</b>,{' '}
            {mode === 'ingress' ? <Term id="ingress">ingress</Term> : 'host mode'}
          </span>
          {url === null ? (
            'reachable from the dashboard’s machine only'
          ) : (
            <a
              className="inline-flex items-center text-accent underline underline-offset-3 touch:min-h-11"
              href={url}
              target="_blank"
              rel="noopener noreferrer"
            >
              Open in a new tab <span className="sr-only">(port {port})</span>
            </a>
          )}
        </li>
      ))}
    </ul>
  );
}

import { Help } from '../ui/Help';

const NOTE = 'mx-4 my-2.5 rounded-lg border border-warn bg-panel px-4 py-2.5';

/**
 * Notes for a page whose scripts have not run. Without JavaScript: the board is that of `at` (ms;
 * null: there is none). When scripts do not load, after 8 s: what to check; `start.ts` hides it by
 * `data-scripts`. Renders on the server only.
 */
export function WithoutScripts({ at }: { at: number | null }) {
  return (
    <>
      <noscript>
        <p className={NOTE}>
          <b className="text-warn">This page needs JavaScript.</b> Without it the board stays{' '}
          {at === null ? 'empty' : `as it was at ${utc(at)}`}, and the rest of the page is missing.
          Reload the page for current data.
        </p>
      </noscript>
      <p
        className={`invisible fixed inset-x-0 bottom-0 z-6 animate-appear-late in-[[data-scripts]]:hidden noscript:hidden ${NOTE}`}
      >
        <b className="text-warn">Still connecting: the page’s scripts have not loaded.</b> Reload
        the page. Behind a proxy below a path, its address ends in a slash (/swarm/) and
        DASHBOARD_ORIGIN names it. <Help id="scripts-missing" about="scripts that do not load" />
      </p>
    </>
  );
}

function utc(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

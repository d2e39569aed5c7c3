/**
 * The query string of the page's address, which holds what the page shows. It is replaced, so that the back button leaves
 * the page.
 */

/** Parameters for what is shown; those of the curl panel's settings are in components/curl/controls/settings-link.ts. */
type Parameter = 'tab' | 'service' | 'run' | 'time';

/** Delay (ms) before a change is written: browsers limit the rate of such writes. */
const DELAY_MS = 250;

const pending = new Map<string, (search: string) => string>();
let timer: ReturnType<typeof setTimeout> | undefined;

function flush() {
  timer = undefined;
  let { search } = location;
  for (const change of pending.values()) search = change(search);
  try {
    // With its own state kept, Next does not treat this as a navigation.
    if (search !== location.search)
      history.replaceState(history.state, '', `${location.pathname}${search}${location.hash}`);
    pending.clear();
  } catch {
    // The browser's rate limit: the next change writes these too.
  }
}

/** Changes the query string soon. A later change of the same name replaces one that is pending. */
export function changeAddress(name: string, change: (search: string) => string) {
  pending.set(name, change);
  timer ??= setTimeout(flush, DELAY_MS);
}

/** A parameter of the page's address; null without it. */
export function readParameter(name: Parameter): string | null {
  return new URLSearchParams(location.search).get(name);
}

/** Sets a parameter soon, or removes it. */
export function setParameter(name: Parameter, value: string | null) {
  changeAddress(name, (search) => {
    const query = new URLSearchParams(search);
    if (value === null) query.delete(name);
    else query.set(name, value);
    return searchText(query);
  });
}

/** A query string that stays readable: these characters need no escaping in it. */
export function searchText(query: URLSearchParams): string {
  const text = query
    .toString()
    .replaceAll('%2F', '/')
    .replaceAll('%3A', ':')
    .replaceAll('%21', '!');
  return text === '' ? '' : `?${text}`;
}

import { createHash, randomBytes } from 'node:crypto';

/** Idle timeout of a session (ms), for a browser left open in a classroom. */
export const SESSION_IDLE_MS = 4 * 3600 * 1000;
/** Maximum age of a session (ms): one sign-in a day. */
export const AGE_MS = 24 * 3600 * 1000;
/** Maximum sessions per role, so that guests cannot push out an operator; the address with most loses one. */
const MOST_SESSIONS = 500;
/** Maximum sessions per role and client address: classes behind a proxy or router share an address. */
const MOST_OF_CLIENT = 200;

/** The roles of passwords. */
export type SessionRole = 'guest' | 'operator';

/** One sign-in of one browser. */
export interface Session {
  readonly role: SessionRole;
  /** When it ends at the latest (ms since the epoch). */
  readonly expires: number;
  /** Aborts when the session ends, by sign-out, idle time or age. */
  readonly ended: AbortSignal;
}

/** What a browser receives at sign-in; the server stores only digests of both. */
export interface Issued {
  session: Session;
  /** The cookie's value: enough to read. */
  id: string;
  /** Bound to the page's origin, unlike the cookie; required for changes. */
  token: string;
}

/** The sessions of this process, in memory only. */
export interface Sessions {
  /** Starts a session for a browser at the address `client`. */
  start(role: SessionRole, client: string): Issued;
  /**
   * The session that belongs to one of `ids`, and whether `token` proves that the request comes from
   * the page that signed in. With several sessions the proven one, else the one that may do most, else the newest.
   */
  find(ids: readonly string[], token: string | null): { session: Session; proven: boolean } | null;
  /** Every session that one of `ids` belongs to. */
  all(ids: readonly string[]): Session[];
  /** The session of a token, regardless of cookies. */
  ofToken(token: string | null): Session | null;
  end(session: Session): void;
}

interface Entry {
  session: Session;
  client: string;
  /** The digest of its token, a key of `byToken`. */
  tokenKey: string;
  started: number;
  used: number;
  end(): void;
}

/** The form of an id or token: 256 bits in base64url. */
const SECRET = /^[A-Za-z0-9_-]{43}$/;

const newSecret = () => randomBytes(32).toString('base64url');
/** Secrets are looked up by digest, so that the time of a lookup reveals nothing about a secret. */
const keyOf = (secret: string) => createHash('sha256').update(secret).digest('base64');

/** An empty store. `now` is monotonic (ms): the clock of a computer without a battery jumps at boot. */
export function createSessions(now: () => number = () => performance.now()): Sessions {
  // By the digest of the id, oldest first.
  const entries = new Map<string, Entry>();
  const byToken = new Map<string, Entry>();

  const deadline = (entry: Entry) => Math.min(entry.started + AGE_MS, entry.used + SESSION_IDLE_MS);

  const makeRoom = (role: SessionRole, client: string) => {
    const ofRole = [...entries.values()].filter((entry) => entry.session.role === role);
    const byClient = new Map<string, Entry[]>();
    for (const entry of ofRole) {
      byClient.set(entry.client, [...(byClient.get(entry.client) ?? []), entry]);
    }
    const own = byClient.get(client) ?? [];
    if (own.length >= MOST_OF_CLIENT) leastUsed(own)?.end();
    else if (ofRole.length >= MOST_SESSIONS) leastUsed(largest([...byClient.values()]))?.end();
  };

  const live = (from: ReadonlyMap<string, Entry>, secret: string): Entry | null => {
    const entry = SECRET.test(secret) ? from.get(keyOf(secret)) : undefined;
    if (!entry) return null;
    if (now() < deadline(entry)) return entry;
    entry.end();
    return null;
  };
  const liveOf = (ids: readonly string[]) =>
    ids.map((id) => live(entries, id)).filter((entry) => entry !== null);
  const liveOfToken = (token: string | null) => (token === null ? null : live(byToken, token));

  return {
    start(role, client) {
      makeRoom(role, client);
      const id = newSecret();
      const token = newSecret();
      const key = keyOf(id);
      const ended = new AbortController();
      const session = { role, expires: Date.now() + AGE_MS, ended: ended.signal };
      let timer: NodeJS.Timeout;
      const entry: Entry = {
        session,
        client,
        tokenKey: keyOf(token),
        started: now(),
        used: now(),
        end() {
          clearTimeout(timer);
          entries.delete(key);
          byToken.delete(entry.tokenKey);
          ended.abort();
        },
      };
      // Ends the session's open streams, which send no request that would notice.
      const watch = () => {
        const left = deadline(entry) - now();
        if (left <= 0) entry.end();
        else timer = setTimeout(watch, left).unref();
      };
      watch();
      entries.set(key, entry);
      byToken.set(entry.tokenKey, entry);
      return { session, id, token };
    },

    find(ids, token) {
      const found = liveOf(ids);
      const owner = liveOfToken(token);
      const proven = found.find((entry) => entry === owner);
      const best = proven ?? found.toSorted(byRank)[0];
      if (!best) return null;
      // Without a token any of them can be the sender's own, so all count as used.
      for (const entry of proven ? [proven] : found) entry.used = now();
      return { session: best.session, proven: best === proven };
    },

    all: (ids) => liveOf(ids).map(({ session }) => session),

    ofToken: (token) => liveOfToken(token)?.session ?? null,

    end(session) {
      for (const entry of entries.values()) if (entry.session === session) entry.end();
    },
  };
}

/** The session to remove: one not used since its sign-in, as in a flood, else the longest idle. */
function leastUsed(entries: readonly Entry[]): Entry | undefined {
  const unused = entries.find((entry) => entry.used === entry.started);
  return unused ?? entries.toSorted((a, b) => a.used - b.used)[0];
}

/** The longest of `lists`, of equal ones the first. */
function largest(lists: readonly Entry[][]): Entry[] {
  return lists.toSorted((a, b) => b.length - a.length)[0] ?? [];
}

function byRank(a: Entry, b: Entry): number {
  const rank = (entry: Entry) => (entry.session.role === 'operator' ? 1 : 0);
  return rank(b) - rank(a) || b.started - a.started;
}

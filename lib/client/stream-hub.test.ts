import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Access, LiveMessage } from '@/lib/api';
import type { Answer } from '@/lib/curl/run';
import { applyPatch, diffViews } from '@/lib/swarm/patch';
import type { SwarmView } from '@/lib/swarm/view';
import { anAnswer, aRun } from '@/tests/factories/curl';
import { aView } from '@/tests/factories/view';
import type { PageMessage, WorkerMessage } from './shared-messages';
import type { StreamConnection, ConnectionEvents } from './stream';
import { createHub, type Hub } from './stream-hub';

/** The hub's connection to the server, driven by the tests. */
class FakeConnection implements StreamConnection {
  static all: FakeConnection[] = [];
  closed = false;
  reconnects = 0;
  wakes = 0;
  constructor(
    readonly events: ConnectionEvents,
    readonly isSeen: () => boolean,
  ) {
    FakeConnection.all.push(this);
  }
  reconnect() {
    this.reconnects++;
  }
  wake() {
    this.wakes++;
  }
  close() {
    this.closed = true;
  }
}

const access: Access = {
  mode: 'open',
  signedIn: false,
  role: 'operator',
  operators: false,
  closed: false,
};
const hello = JSON.stringify({ kind: 'hello', build: 'one', access });
const live = (at: number) =>
  JSON.stringify({ kind: 'status', status: { state: 'live', at, now: at, problem: null } });

let hub: Hub;
const connection = () => {
  const last = FakeConnection.all.at(-1);
  if (!last) throw new Error('no connection was opened');
  return last;
};
const send = (message: LiveMessage | string, kind?: LiveMessage['kind']) => {
  const text = typeof message === 'string' ? message : JSON.stringify(message);
  const { events } = connection();
  events.link('open');
  events.message(text, kind ?? (JSON.parse(text) as LiveMessage).kind);
};

/** A page of the hub and all that it has received. */
function aPage(first: PageMessage = 'shown') {
  const received: WorkerMessage[] = [];
  const tell = hub.join((message) => received.push(message));
  tell(first);
  return {
    received,
    tell,
    texts: () => received.flatMap(({ text }) => text ?? []),
    kinds: () =>
      received.flatMap(({ text }) =>
        text === undefined ? [] : [(JSON.parse(text) as LiveMessage).kind],
      ),
  };
}

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  FakeConnection.all = [];
  hub = createHub((events, isSeen) => new FakeConnection(events, isSeen));
});
afterEach(() => void vi.useRealTimers());

test('ten visible pages share one connection and receive each message', () => {
  const pages = Array.from({ length: 10 }, () => aPage());
  send(hello);
  send(live(1));
  expect(FakeConnection.all).toHaveLength(1);
  for (const page of pages) expect(page.texts()).toEqual([hello, live(1)]);
});

test('a hidden page receives nothing; shown again, it receives everything and then each change', () => {
  aPage();
  const page = aPage();
  send(hello);
  send({ kind: 'view', rev: 1, view: aView() });
  page.tell('hidden');
  page.received.length = 0;
  send({ kind: 'patch', rev: 2, patch: {} });
  send(live(5));
  send({ kind: 'view', rev: 3, view: aView() });
  send({ kind: 'patch', rev: 4, patch: {} });
  send(live(6));
  expect(page.received).toEqual([]);
  page.tell('shown');
  // What later messages replaced is left out.
  expect(page.kinds()).toEqual(['hello', 'view', 'patch', 'status']);
  expect(page.texts()[1]).toContain('"rev":3');
  send({ kind: 'patch', rev: 5, patch: {} });
  expect(page.kinds().at(-1)).toBe('patch');
});

test('after too many messages to keep, a page that is shown causes a new connection', () => {
  aPage();
  const page = aPage('hidden');
  send(hello);
  send({ kind: 'view', rev: 1, view: aView() });
  for (let rev = 2; rev < 100; rev++) {
    send({ kind: 'patch', rev, patch: {} });
    send(live(rev));
  }
  page.tell('shown');
  expect(connection().reconnects).toBe(1);
  expect(page.texts()).toEqual([]);
  send(hello);
  expect(aPage().texts()).toEqual([hello]);
  expect(connection().reconnects).toBe(1);
});

test('a page that opens later receives everything; the time in the status has moved on', () => {
  aPage();
  send(hello);
  send({ kind: 'view', rev: 4, view: aView() });
  send(live(7000));
  send({ kind: 'run', run: aRun(), answers: [anAnswer(1, 1)], seconds: [], reset: true });
  send({ kind: 'run', run: aRun(), answers: [anAnswer(2, 1)], seconds: [], reset: false });
  vi.advanceTimersByTime(1500);
  const page = aPage();
  const messages = page.texts().map((text) => JSON.parse(text) as LiveMessage);
  expect(messages).toMatchObject([
    { kind: 'hello' },
    { kind: 'view', rev: 4 },
    { kind: 'status', status: { at: 7000, now: 8500 } },
    { kind: 'run', reset: true, answers: [{ n: 1 }] },
    { kind: 'run', reset: false, answers: [{ n: 2 }] },
  ]);
  expect(page.received.at(-1)).toEqual({ link: 'open' });
});

test('each `shown` is answered, also before the first message', () => {
  expect(aPage().received).toEqual([{ link: 'connecting' }]);
});

test('a page that opens while the server is gone or refuses receives that state last', () => {
  aPage();
  send(hello);
  connection().events.link('lost');
  expect(aPage().received).toEqual([{ text: hello }, { link: 'lost' }]);
  const problem = { kind: 'too-many-streams', detail: 'Too many.', next: undefined };
  connection().events.refused(problem);
  connection().events.link('refused');
  expect(aPage().received.slice(-2)).toEqual([{ refused: problem }, { link: 'refused' }]);
  send(hello);
  expect(aPage().received).toEqual([{ text: hello }, { link: 'open' }]);
});

test('hidden pages receive that the session has ended, and no other refusal; no data remains', () => {
  aPage();
  send(hello);
  const hidden = aPage('hidden');
  connection().events.refused({ kind: 'too-many-streams', detail: 'Too many.', next: undefined });
  expect(hidden.received).toEqual([]);
  connection().events.refused({ kind: 'sign-in-required', detail: 'Sign in.', next: undefined });
  expect(hidden.received).toMatchObject([{ refused: { kind: 'sign-in-required' } }]);
  expect(aPage().texts()).toEqual([]);
});

test('lets go of the connection after a minute without a visible page, and opens it again', () => {
  const pages = [aPage(), aPage()];
  send(hello);
  for (const page of pages) page.tell('hidden');
  expect(connection().isSeen()).toBe(false);
  vi.advanceTimersByTime(59_000);
  expect(connection().closed).toBe(false);
  vi.advanceTimersByTime(1000);
  expect(connection().closed).toBe(true);
  pages[1]?.tell('shown');
  expect(FakeConnection.all).toHaveLength(2);
  // What the first connection sent is old.
  expect(pages[1]?.received.at(-1)).toEqual({ link: 'connecting' });
  expect(pages[1]?.texts()).toEqual([hello]);
});

test('keeps the connection for a page that is shown again in time, and checks it', () => {
  const page = aPage();
  page.tell('hidden');
  vi.advanceTimersByTime(59_000);
  page.tell('shown');
  vi.advanceTimersByTime(80_000);
  page.tell('alive');
  vi.advanceTimersByTime(40_000);
  expect(FakeConnection.all).toHaveLength(1);
  expect(connection().closed).toBe(false);
  expect(connection().wakes).toBe(1);
});

test('keeps the connection while a run is active, as a run ends without viewers', () => {
  const page = aPage();
  send(hello);
  send({ kind: 'run', run: aRun({ state: 'running' }), answers: [], seconds: [], reset: true });
  page.tell('hidden');
  vi.advanceTimersByTime(600_000);
  expect(connection().closed).toBe(false);
  send({ kind: 'run', run: aRun({ state: 'ended' }), answers: [], seconds: [], reset: false });
  vi.advanceTimersByTime(60_000);
  expect(connection().closed).toBe(true);
});

test('a page that closes leaves the others connected; the last one closes the connection', () => {
  const first = aPage();
  const second = aPage();
  first.tell('closed');
  send(hello);
  expect(second.texts()).toEqual([hello]);
  expect(first.texts()).toEqual([]);
  second.tell('closed');
  expect(connection().closed).toBe(true);
  aPage();
  expect(FakeConnection.all).toHaveLength(2);
});

test('a visible page receives the link every two seconds, also while the server is silent', () => {
  const page = aPage();
  send(hello);
  connection().events.link('silent');
  page.received.length = 0;
  vi.advanceTimersByTime(6000);
  expect(page.received).toEqual([{ link: 'silent' }, { link: 'silent' }, { link: 'silent' }]);
  page.tell('closed');
  expect(vi.getTimerCount()).toBe(0);
});

test('a visible page that has crashed is dropped, and the connection with the last one', () => {
  const crashed = aPage();
  const other = aPage();
  send(hello);
  const minute = () => {
    vi.advanceTimersByTime(60_000);
    other.tell('alive');
  };
  minute();
  crashed.received.length = 0;
  minute();
  const { length } = crashed.received;
  expect(length).toBeGreaterThan(0);
  minute();
  send(live(1));
  expect(crashed.received).toHaveLength(length);
  expect(other.texts().at(-1)).toBe(live(1));
  expect(connection().closed).toBe(false);
  vi.advanceTimersByTime(94_000);
  expect(connection().closed).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

test('a page that a debugger had stopped receives everything again', () => {
  const page = aPage();
  send(hello);
  vi.advanceTimersByTime(94_000);
  expect(connection().closed).toBe(true);
  page.tell('alive');
  expect(FakeConnection.all).toHaveLength(2);
  page.received.length = 0;
  send(hello);
  send(live(5));
  expect(page.texts()).toEqual([hello, live(5)]);
});

test('a machine that was asleep drops no page', () => {
  const page = aPage();
  send(hello);
  const asleep = performance.now() + 3_600_000;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => asleep);
  vi.advanceTimersByTime(2000);
  clock.mockRestore();
  expect(page.received.at(-1)).toEqual({ link: 'open' });
  expect(connection().closed).toBe(false);
});

test('reconnects when the session has changed', () => {
  aPage('hidden').tell('reconnect');
  expect(FakeConnection.all).toHaveLength(0);
  aPage().tell('reconnect');
  expect(connection().reconnects).toBe(1);
});

test.each(['', '<p>no</p>', '5', 'null', '{"kind":"of a later version"}'])(
  'passes on a message %j without reading it',
  (text) => {
    const page = aPage();
    send(hello);
    for (const kind of ['run', 'status', 'patch'] as const) send(text, kind);
    expect(page.texts()).toEqual([hello, text, text, text]);
    expect(aPage().texts()).toEqual([hello, text, text, text]);
    page.tell('hidden');
  },
);

/** What a page makes of its messages. */
class PageState {
  view: SwarmView | null = null;
  rev = 0;
  answers: Answer[] = [];
  add(text: string): void {
    const message = JSON.parse(text) as LiveMessage;
    if (message.kind === 'view') {
      this.view = message.view;
      this.rev = message.rev;
    } else if (message.kind === 'patch') {
      if (!this.view || message.rev !== this.rev + 1) throw new Error(`missed ${this.rev + 1}`);
      this.view = applyPatch(this.view, message.patch);
      this.rev = message.rev;
    } else if (message.kind === 'run') {
      this.answers = [...(message.reset ? [] : this.answers), ...message.answers];
    }
  }
}

test('a page that was hidden for a while ends with the same data as one that was always visible', () => {
  const view = aView();
  const event = fc.oneof(
    fc.record({ kind: fc.constant('show' as const), visible: fc.boolean() }),
    fc.record({ kind: fc.constant('start' as const) }),
    fc.record({
      kind: fc.constant('change' as const),
      task: fc.nat(view.tasks.length - 1),
      state: fc.constantFrom('running' as const, 'failed' as const, 'shutdown' as const),
    }),
    fc.record({ kind: fc.constant('answer' as const), reset: fc.boolean() }),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 120 }), (events) => {
      FakeConnection.all = [];
      hub = createHub((given, isSeen) => new FakeConnection(given, isSeen));
      const join = () => {
        const state = new PageState();
        const tell = hub.join(({ text }) => {
          if (text !== undefined) state.add(text);
        });
        return { state, tell };
      };
      const always = join();
      const toggled = join();
      always.tell('shown');
      let now = view;
      let rev = 1;
      let sent: Answer[] = [];
      const start = () => {
        send(hello);
        send({ kind: 'view', rev, view: now });
        send({ kind: 'run', run: aRun(), answers: sent, seconds: [], reset: true });
      };
      const show = (visible: boolean) => {
        const before = connection().reconnects;
        toggled.tell(visible ? 'shown' : 'hidden');
        if (connection().reconnects > before) start();
      };
      start();
      for (const one of events) {
        if (one.kind === 'show') show(one.visible);
        else if (one.kind === 'start') start();
        else if (one.kind === 'answer') {
          const answers = [anAnswer(sent.length + 1, 1)];
          sent = one.reset ? answers : [...sent, ...answers];
          send({ kind: 'run', run: aRun(), answers, seconds: [], reset: one.reset });
        } else {
          const tasks = now.tasks.map((task, at) =>
            at === one.task ? { ...task, state: one.state } : task,
          );
          const next = { ...now, tasks };
          const patch = diffViews(now, next);
          if (patch) send({ kind: 'patch', rev: ++rev, patch });
          now = next;
        }
      }
      show(true);
      expect(toggled.state).toEqual(always.state);
      expect(toggled.state.view).toEqual(now);
    }),
  );
});

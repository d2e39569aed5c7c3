import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { BUILD } from '@/lib/build';
import type { LiveStream } from './live-stream';
import { openSharedStream } from './shared-stream';
import type { WorkerMessage } from './shared-messages';

/** The browser's SharedWorker with the page's port, driven by the tests. */
class FakeWorker extends EventTarget {
  static all: FakeWorker[] = [];
  static blocked = false;
  readonly sent: string[] = [];
  readonly port = Object.assign(new EventTarget(), {
    closed: false,
    start() {},
    close() {
      this.closed = true;
    },
    postMessage: (message: string) => void this.sent.push(message),
  });
  constructor(readonly url: string) {
    super();
    if (FakeWorker.blocked) throw new DOMException('Blocked.', 'SecurityError');
    FakeWorker.all.push(this);
  }
  receive(data: WorkerMessage) {
    this.port.dispatchEvent(Object.assign(new Event('message'), { data }));
  }
}

const page = Object.assign(new EventTarget(), { hidden: false });
const world = new EventTarget();
const giveUp = vi.fn();
let received: unknown[];
let stream: LiveStream;

const worker = () => {
  const last = FakeWorker.all.at(-1);
  if (!last) throw new Error('no worker was started');
  return last;
};
const setHidden = (hidden: boolean) => {
  page.hidden = hidden;
  page.dispatchEvent(new Event('visibilitychange'));
};
const open = () =>
  openSharedStream(
    {
      message: (text) => received.push(text),
      link: (link) => received.push({ link }),
      refused: ({ kind }) => received.push({ refused: kind }),
    },
    giveUp,
  );

beforeEach(() => {
  vi.useFakeTimers();
  FakeWorker.all = [];
  FakeWorker.blocked = false;
  page.hidden = false;
  received = [];
  giveUp.mockClear();
  vi.stubGlobal('SharedWorker', FakeWorker);
  vi.stubGlobal('document', page);
  vi.stubGlobal('addEventListener', world.addEventListener.bind(world));
  vi.stubGlobal('removeEventListener', world.removeEventListener.bind(world));
  stream = open();
});
afterEach(() => {
  stream.close();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test('joins the worker of its build and passes on what it sends', () => {
  expect(worker().url).toBe(`_next/static/live-${BUILD}.js`);
  expect(worker().sent).toEqual(['shown']);
  worker().receive({ link: 'connecting' });
  worker().receive({ text: 'hello' });
  worker().receive({ refused: { kind: 'busy', detail: 'Busy.', next: undefined } });
  worker().receive({ link: 'refused' });
  expect(received).toEqual(['hello', { refused: 'busy' }, { link: 'refused' }]);
});

test('announces when it is hidden, shown and closed', () => {
  setHidden(true);
  setHidden(false);
  stream.reconnect();
  stream.close();
  expect(worker().sent).toEqual(['shown', 'hidden', 'shown', 'reconnect', 'closed']);
  expect(worker().port.closed).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

test('answers the worker every 30 s while it is visible', () => {
  const beats = (seconds: number) => {
    for (let beat = 0; beat < seconds / 2; beat++) {
      vi.advanceTimersByTime(2000);
      worker().receive({ link: 'open' });
    }
  };
  beats(28);
  expect(worker().sent).toEqual(['shown']);
  beats(90);
  expect(worker().sent).toEqual(['shown', 'alive', 'alive', 'alive']);
  setHidden(true);
  beats(90);
  expect(worker().sent.slice(4)).toEqual(['hidden']);
});

test('starts a worker that stopped again, and gives up on one that does not answer', () => {
  worker().receive({ text: 'hello' });
  vi.advanceTimersByTime(6000);
  expect(received).toEqual(['hello', { link: 'silent' }]);
  expect(FakeWorker.all).toHaveLength(2);
  expect(FakeWorker.all[0]?.port.closed).toBe(true);
  // The second one works, so later silence is a new case.
  worker().receive({ text: 'again' });
  vi.advanceTimersByTime(6000);
  expect(FakeWorker.all).toHaveLength(3);
  expect(giveUp).not.toHaveBeenCalled();
  vi.advanceTimersByTime(5000);
  expect(giveUp).toHaveBeenCalledOnce();
  expect(FakeWorker.all).toHaveLength(3);
  vi.advanceTimersByTime(60_000);
  expect(giveUp).toHaveBeenCalledOnce();
  expect(vi.getTimerCount()).toBe(0);
});

test('a hidden page expects no messages', () => {
  setHidden(true);
  vi.advanceTimersByTime(600_000);
  expect(FakeWorker.all).toHaveLength(1);
  setHidden(false);
  vi.advanceTimersByTime(5000);
  expect(FakeWorker.all).toHaveLength(2);
});

test('gives up at once when the worker cannot be loaded or shared workers are blocked', () => {
  worker().dispatchEvent(new Event('error'));
  worker().dispatchEvent(new Event('error'));
  expect(giveUp).toHaveBeenCalledOnce();
  FakeWorker.blocked = true;
  open();
  expect(giveUp).toHaveBeenCalledTimes(2);
});

test('leaves the worker when the browser keeps the page, and joins again', () => {
  world.dispatchEvent(new Event('pagehide'));
  expect(worker().sent.at(-1)).toBe('closed');
  world.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
  expect(FakeWorker.all).toHaveLength(2);
  expect(worker().sent).toEqual(['shown']);
  // A page's first `pageshow` comes after its scripts.
  world.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: false }));
  expect(FakeWorker.all).toHaveLength(2);
});

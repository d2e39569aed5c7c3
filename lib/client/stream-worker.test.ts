import { afterEach, beforeEach, expect, test, vi } from 'vitest';

/** The worker's script in a stand-in for its global scope. */

const opened: string[] = [];
let scope: EventTarget;

/** The page's end of a port. */
function aPort() {
  const port = Object.assign(new EventTarget(), {
    received: [] as unknown[],
    started: false,
    start() {
      this.started = true;
    },
    postMessage(message: unknown) {
      this.received.push(message);
    },
  });
  const send = (data: string) => port.dispatchEvent(Object.assign(new Event('message'), { data }));
  return { port, send };
}

beforeEach(() => {
  vi.resetModules();
  vi.useFakeTimers();
  opened.length = 0;
  scope = new EventTarget();
  vi.stubGlobal('addEventListener', scope.addEventListener.bind(scope));
  vi.stubGlobal('removeEventListener', scope.removeEventListener.bind(scope));
  vi.stubGlobal(
    'EventSource',
    class {
      constructor(url: string) {
        opened.push(url);
      }
      addEventListener() {}
      close() {}
    },
  );
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test.each([
  ['http://ctrl:3000/', 'http://ctrl:3000/api/live'],
  ['https://swarm.home/one/', 'https://swarm.home/one/api/live'],
])('opens one stream for all pages at %s', async (page, stream) => {
  vi.stubGlobal('location', { href: `${page}_next/static/live-0a1b.js` });
  await import('./stream-worker');
  const pages = [aPort(), aPort()];
  for (const { port, send } of pages) {
    scope.dispatchEvent(Object.assign(new Event('connect'), { ports: [port] }));
    expect(port.started).toBe(true);
    send('shown');
    expect(port.received).toEqual([{ link: 'connecting' }]);
  }
  expect(opened).toEqual([stream]);
});

test('a page whose port closes counts as closed', async () => {
  vi.stubGlobal('location', { href: 'http://ctrl:3000/_next/static/live-0a1b.js' });
  await import('./stream-worker');
  const { port, send } = aPort();
  scope.dispatchEvent(Object.assign(new Event('connect'), { ports: [port] }));
  send('shown');
  expect(vi.getTimerCount()).toBeGreaterThan(0);
  port.dispatchEvent(new Event('close'));
  expect(vi.getTimerCount()).toBe(0);
});

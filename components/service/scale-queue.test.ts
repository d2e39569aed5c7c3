import { describe, expect, test, vi } from 'vitest';
import { IDLE, type ScaleEvent, type ScaleQueue, step } from './scale-queue';
import { OVERTAKEN_MS, ScaleStore } from './scale-store';

function after(...events: ScaleEvent[]): ScaleQueue {
  return events.reduce(step, IDLE);
}
const ask = (replicas: number, actual: number | null = 3): ScaleEvent => ({
  kind: 'ask',
  replicas,
  actual,
});
const accepted: ScaleEvent = { kind: 'accepted' };
const refused: ScaleEvent = {
  kind: 'refused',
  refusal: { kind: 'conflict', detail: 'no', next: 'try' },
};
const seen = (replicas: number): ScaleEvent => ({ kind: 'seen', replicas });

describe('the scale queue', () => {
  test('sends a click at once and keeps the arrow until the engine shows it', () => {
    expect(after(ask(5))).toEqual({ wanted: 5, sending: 5, refusal: null });
    expect(after(ask(5), accepted)).toEqual({ wanted: 5, sending: null, refusal: null });
    expect(after(ask(5), accepted, seen(3)).wanted).toBe(5);
    expect(after(ask(5), accepted, seen(5))).toEqual(IDLE);
  });

  test('a picture that is ahead of the answer does not end it early', () => {
    const queue = after(ask(5), seen(5));
    expect(queue).toEqual({ wanted: 5, sending: 5, refusal: null });
    expect(step(step(queue, accepted), seen(5))).toEqual(IDLE);
  });

  test('one in flight; the newest wanted goes next and the ones between never', () => {
    const clicks = after(ask(4), ask(5), ask(6));
    expect(clicks).toEqual({ wanted: 6, sending: 4, refusal: null });
    expect(step(clicks, accepted)).toEqual({ wanted: 6, sending: 6, refusal: null });
  });

  test('coming back to the number in flight sends nothing more', () => {
    const queue = step(after(ask(4), ask(5), ask(4)), accepted);
    expect(queue).toEqual({ wanted: 4, sending: null, refusal: null });
  });

  test('asking for what the engine shows is nothing, unless something else was asked', () => {
    expect(after(ask(3))).toEqual(IDLE);
    expect(after(ask(5), accepted, ask(3)).sending).toBe(3);
  });

  test('a refusal drops what was asked and says why, until the next click', () => {
    const queue = after(ask(5), refused);
    expect(queue).toEqual({
      wanted: null,
      sending: null,
      refusal: { kind: 'conflict', detail: 'no', next: 'try' },
    });
    expect(step(queue, ask(4)).refusal).toBeNull();
    expect(step(queue, ask(3))).toEqual(IDLE);
  });

  test('a refusal of an older number lets the newer one try', () => {
    expect(after(ask(101), ask(5), refused)).toEqual({ wanted: 5, sending: 5, refusal: null });
  });

  test('overtaken from elsewhere: back to the truth, but not while a request is in flight', () => {
    expect(after(ask(5), accepted, seen(7), { kind: 'overtaken' })).toEqual(IDLE);
    expect(after(ask(5), { kind: 'overtaken' }).wanted).toBe(5);
  });
});

describe('the scale store', () => {
  function open() {
    const sent: number[] = [];
    const answers: ((refusal: { kind: string; detail: string } | null) => void)[] = [];
    const store = new ScaleStore('id', (_id, replicas) => {
      sent.push(replicas);
      return new Promise((resolve) => answers.push(resolve));
    });
    const answer = async (refusal: { kind: string; detail: string } | null = null) => {
      answers.shift()?.(refusal);
      await Promise.resolve();
      await Promise.resolve();
    };
    return { sent, store, answer };
  }

  test('ten quick clicks are two requests: the first and the last', async () => {
    const { sent, store, answer } = open();
    for (let n = 4; n <= 13; n++) store.dispatch(ask(n));
    expect(sent).toEqual([4]);
    await answer();
    expect(sent).toEqual([4, 13]);
    await answer();
    expect(store.snapshot()).toEqual({ wanted: 13, sending: null, refusal: null });
    expect(sent).toEqual([4, 13]);
  });

  test('the same number after a refusal of it is sent again', async () => {
    const { sent, store, answer } = open();
    store.dispatch(ask(5));
    await answer({ kind: 'conflict', detail: 'no' });
    expect(store.snapshot().refusal).toEqual({ kind: 'conflict', detail: 'no' });
    store.dispatch(ask(5));
    expect(sent).toEqual([5, 5]);
  });

  test('tells its listeners of changes only', async () => {
    const { store, answer } = open();
    const listener = vi.fn();
    const stop = store.subscribe(listener);
    store.dispatch(seen(3));
    expect(listener).not.toHaveBeenCalled();
    store.dispatch(ask(5));
    await answer();
    expect(listener).toHaveBeenCalledTimes(2);
    stop();
    store.dispatch(seen(5));
    expect(listener).toHaveBeenCalledTimes(2);
  });

  test('gives up an arrow that the engine never shows', async () => {
    vi.useFakeTimers();
    try {
      const { store, answer } = open();
      store.dispatch(ask(5));
      await answer();
      vi.advanceTimersByTime(OVERTAKEN_MS - 1);
      expect(store.snapshot().wanted).toBe(5);
      vi.advanceTimersByTime(1);
      expect(store.snapshot()).toEqual(IDLE);
    } finally {
      vi.useRealTimers();
    }
  });
});

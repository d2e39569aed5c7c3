import { describe, expect, test, vi } from 'vitest';
import {
  createScaleStore,
  IDLE,
  OVERTAKEN_MS,
  parseReplicas,
  scaleReducer,
  type ScaleEvent,
  type ScaleRefusal,
  type ScaleState,
} from './scale';

const after = (...events: ScaleEvent[]): ScaleState => events.reduce(scaleReducer, IDLE);
const request = (replicas: number, actual: number | null = 3): ScaleEvent => ({
  kind: 'request',
  replicas,
  actual,
});
const refusal: ScaleRefusal = { kind: 'conflict', detail: 'no', next: 'try' };
const accepted: ScaleEvent = { kind: 'response', refusal: null };
const refused: ScaleEvent = { kind: 'response', refusal };
const observed = (replicas: number): ScaleEvent => ({ kind: 'observed', replicas });

describe('scaleReducer', () => {
  test('sends a request at once and keeps the wanted count until the engine shows it', () => {
    expect(after(request(5))).toEqual({ wanted: 5, sending: 5, refusal: null });
    expect(after(request(5), accepted)).toEqual({ wanted: 5, sending: null, refusal: null });
    expect(after(request(5), accepted, observed(3)).wanted).toBe(5);
    expect(after(request(5), accepted, observed(5))).toEqual(IDLE);
  });

  test('keeps the wanted count when the view is ahead of the response', () => {
    const state = after(request(5), observed(5));
    expect(state).toEqual({ wanted: 5, sending: 5, refusal: null });
    expect([accepted, observed(5)].reduce(scaleReducer, state)).toEqual(IDLE);
  });

  test('sends one request at a time, then the newest wanted count', () => {
    const clicks = after(request(4), request(5), request(6));
    expect(clicks).toEqual({ wanted: 6, sending: 4, refusal: null });
    expect(scaleReducer(clicks, accepted)).toEqual({ wanted: 6, sending: 6, refusal: null });
  });

  test('sends nothing more when the newest count equals the one in flight', () => {
    const state = after(request(4), request(5), request(4), accepted);
    expect(state).toEqual({ wanted: 4, sending: null, refusal: null });
  });

  test('ignores a request for the current count unless another count was requested', () => {
    expect(after(request(3))).toEqual(IDLE);
    expect(after(request(5), accepted, request(3)).sending).toBe(3);
  });

  test('keeps a refusal until the next request', () => {
    const state = after(request(5), refused);
    expect(state).toEqual({ wanted: null, sending: null, refusal });
    expect(scaleReducer(state, request(4)).refusal).toBeNull();
    expect(scaleReducer(state, request(3))).toEqual(IDLE);
  });

  test('sends a newer count after an older one was refused', () => {
    expect(after(request(101), request(5), refused)).toEqual(after(request(5)));
  });

  test('expires a count that the engine never shows, but not while a request is in flight', () => {
    expect(after(request(5), accepted, observed(7), { kind: 'expired' })).toEqual(IDLE);
    expect(after(request(5), { kind: 'expired' }).wanted).toBe(5);
  });
});

describe('createScaleStore', () => {
  function open() {
    const sent: number[] = [];
    const responses: ((refusal: ScaleRefusal | null) => void)[] = [];
    const store = createScaleStore((replicas) => {
      sent.push(replicas);
      return new Promise((resolve) => responses.push(resolve));
    });
    const respond = async (answer: ScaleRefusal | null = null) => {
      responses.shift()?.(answer);
      await Promise.resolve();
      await Promise.resolve();
    };
    return { sent, store, respond };
  }

  test('sends the first and the last of ten quick clicks', async () => {
    const { sent, store, respond } = open();
    for (let count = 4; count <= 13; count++) store.dispatch(request(count));
    expect(sent).toEqual([4]);
    await respond();
    expect(sent).toEqual([4, 13]);
    await respond();
    expect(store.getState()).toEqual({ wanted: 13, sending: null, refusal: null });
    expect(sent).toEqual([4, 13]);
  });

  test('sends a refused count again when it is requested again', async () => {
    const { sent, store, respond } = open();
    store.dispatch(request(5));
    await respond(refusal);
    expect(store.getState().refusal).toEqual(refusal);
    store.dispatch(request(5));
    expect(sent).toEqual([5, 5]);
  });

  test('notifies subscribers of changes only', async () => {
    const { store, respond } = open();
    const listener = vi.fn();
    const unsubscribe = store.subscribe(listener);
    store.dispatch(observed(3));
    expect(listener).not.toHaveBeenCalled();
    store.dispatch(request(5));
    await respond();
    expect(listener).toHaveBeenCalledTimes(2);
    unsubscribe();
    store.dispatch(observed(5));
    expect(listener).toHaveBeenCalledTimes(2);
  });

  test('drops a wanted count that the engine does not show in time', async () => {
    vi.useFakeTimers();
    try {
      const { store, respond } = open();
      store.dispatch(request(5));
      await respond();
      vi.advanceTimersByTime(OVERTAKEN_MS - 1);
      expect(store.getState().wanted).toBe(5);
      vi.advanceTimersByTime(1);
      expect(store.getState()).toEqual(IDLE);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('parseReplicas', () => {
  test.each(['-1', '2.5', 'x', '', ' ', '1e2', '٣', '0x5', '+5', '5 5'])(
    'rejects %j, which is not a whole number',
    (text) => {
      expect(parseReplicas(text, 100)).toEqual({ error: 'Enter a whole number from 0 to 100.' });
    },
  );

  test.each([
    ['101', 100, '100 replicas'],
    ['1000000000', 100, '100 replicas'],
    ['6', 5, '5 replicas'],
    ['2', 1, '1 replica'],
  ])('rejects %s above the limit of %d', (text, max, limit) => {
    expect(parseReplicas(text, max)).toEqual({
      error: `This page scales to at most ${limit} (MAX_REPLICAS).`,
    });
  });

  test.each([
    ['0', 0],
    ['100', 100],
    [' 7 ', 7],
    ['007', 7],
  ])('accepts %j as %d', (text, replicas) => {
    expect(parseReplicas(text, 100)).toEqual({ replicas });
  });
});

import { runInNewContext } from 'node:vm';
import { afterEach, expect, test } from 'vitest';
import { EARLY_INPUT_SCRIPT, endEarlyInput, takeEarlyInput } from './early-input';

/** The part of an event that the script and its reader look at. */
const input = (type: string, rest: object = {}) => ({
  type,
  isTrusted: true,
  eventPhase: 0,
  ...rest,
});

/** Runs the inline script, and returns what sends it events. */
function runScript() {
  const listeners = new Map<string, Set<(event: object) => void>>();
  const self: Record<string, unknown> = {};
  runInNewContext(EARLY_INPUT_SCRIPT, {
    self,
    addEventListener: (type: string, listener: (event: object) => void) =>
      listeners.set(type, (listeners.get(type) ?? new Set()).add(listener)),
    removeEventListener: (type: string, listener: (event: object) => void) =>
      listeners.get(type)?.delete(listener),
  });
  globalThis.earlyInput = self['earlyInput'] as typeof globalThis.earlyInput;
  return (event: ReturnType<typeof input>) => {
    for (const listener of listeners.get(event.type) ?? []) listener(event);
    return event;
  };
}

const any = () => true;

afterEach(() => {
  globalThis.earlyInput = undefined;
});

test('keeps the last click or Enter, which is taken once', () => {
  const send = runScript();
  send(input('click'));
  const last = send(input('keydown', { key: 'Enter' }));
  send(input('keydown', { key: 'a' }));
  expect(takeEarlyInput(any)).toBe(last);
  expect(takeEarlyInput(any)).toBeNull();
});

test('keeps what is not wanted, for other code', () => {
  const click = runScript()(input('click'));
  expect(takeEarlyInput(({ type }) => type === 'keydown')).toBeNull();
  expect(takeEarlyInput(({ type }) => type === 'click')).toBe(click);
});

test('ignores events of scripts, such as the repeated click itself', () => {
  runScript()(input('click', { isTrusted: false }));
  expect(takeEarlyInput(any)).toBeNull();
});

test('does not take an event that is still being dispatched', () => {
  const event = runScript()(input('click', { eventPhase: 1 }));
  expect(takeEarlyInput(any)).toBeNull();
  event.eventPhase = 0;
  expect(takeEarlyInput(any)).toBe(event);
});

test('keeps nothing more after the end, and nothing without the script', () => {
  const send = runScript();
  const before = send(input('click'));
  endEarlyInput();
  send(input('click'));
  expect(takeEarlyInput(any)).toBe(before);
  expect(takeEarlyInput(any)).toBeNull();
  globalThis.earlyInput = undefined;
  endEarlyInput();
  expect(takeEarlyInput(any)).toBeNull();
});

import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AGE_MS, createSessions, SESSION_IDLE_MS, type Issued, type SessionRole } from './sessions';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('finds a session by its id, and verifies it only by its token', () => {
  const sessions = createSessions();
  const { session, id, token } = sessions.start('operator', 'a');
  expect(sessions.find([id], token)).toEqual({ session, proven: true });
  expect(sessions.find([id], null)).toEqual({ session, proven: false });
  expect(sessions.find([id], id)).toEqual({ session, proven: false });
  expect(sessions.find([token], token)).toBeNull();
  expect(sessions.find([], token)).toBeNull();
});

test('finds a session by its token without a cookie, until it ends', () => {
  const sessions = createSessions();
  const { session, id, token } = sessions.start('operator', 'a');
  const other = sessions.start('guest', 'a');
  expect(sessions.ofToken(token)).toBe(session);
  for (const wrong of [id, '', `${token}A`, null]) expect(sessions.ofToken(wrong)).toBeNull();
  expect(sessions.all(['junk', id, other.id, token])).toEqual([session, other.session]);
  sessions.end(session);
  expect(sessions.ofToken(token)).toBeNull();
  expect(sessions.all([id, other.id])).toEqual([other.session]);
});

test('ids and tokens have 256 bits each, and only their hashes are stored', () => {
  const sessions = createSessions();
  const stored = vi.spyOn(Map.prototype, 'set');
  const { id, token } = sessions.start('operator', 'a');
  const kept = stored.mock.calls.map(([key, value]) => [key, value] as const);
  stored.mockRestore();
  for (const secret of [id, token]) expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
  expect(kept.length).toBeGreaterThan(0);
  const text = JSON.stringify(kept);
  expect(text).not.toContain(id);
  expect(text).not.toContain(token);
});

test('signing out ends the session and aborts its signal, and no other', () => {
  const sessions = createSessions();
  const one = sessions.start('operator', 'a');
  const other = sessions.start('operator', 'a');
  sessions.end(one.session);
  expect(one.session.ended.aborted).toBe(true);
  expect(sessions.find([one.id], one.token)).toBeNull();
  expect(other.session.ended.aborted).toBe(false);
  expect(sessions.find([other.id], other.token)?.proven).toBe(true);
});

test('an unused session ends by itself and aborts its signal', () => {
  const sessions = createSessions();
  const { session, id } = sessions.start('operator', 'a');
  vi.advanceTimersByTime(SESSION_IDLE_MS - 1);
  expect(session.ended.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  expect(session.ended.aborted).toBe(true);
  expect(sessions.find([id], null)).toBeNull();
});

test('use extends the idle timeout but not the maximum age', () => {
  const sessions = createSessions();
  const { session, id } = sessions.start('operator', 'a');
  expect(session.expires).toBe(Date.now() + AGE_MS);
  for (let at = 0; at + SESSION_IDLE_MS < AGE_MS; at += SESSION_IDLE_MS - 1) {
    expect(sessions.find([id], null)).not.toBeNull();
    vi.advanceTimersByTime(SESSION_IDLE_MS - 1);
  }
  expect(session.ended.aborted).toBe(false);
  vi.setSystemTime(Date.now() - 10 * AGE_MS);
  sessions.find([id], null);
  vi.advanceTimersByTime(SESSION_IDLE_MS - 1);
  expect(session.ended.aborted).toBe(true);
});

test('reading keeps a session in use beside a newer tossed one', () => {
  const sessions = createSessions();
  const own = sessions.start('guest', 'a');
  vi.advanceTimersByTime(1);
  const tossed = sessions.start('guest', 'b');
  vi.advanceTimersByTime(SESSION_IDLE_MS - 2);
  sessions.find([own.id, tossed.id], null);
  vi.advanceTimersByTime(SESSION_IDLE_MS - 1);
  expect(own.session.ended.aborted).toBe(false);
});

test('a step of the wall clock ends no session (a Pi sets its clock after boot)', () => {
  const sessions = createSessions();
  const { id, token } = sessions.start('operator', 'a');
  vi.setSystemTime(Date.now() + 50 * 365 * 24 * 3600 * 1000);
  expect(sessions.find([id], token)?.proven).toBe(true);
});

test('guests cannot push an operator out of the store', () => {
  const sessions = createSessions();
  const { id } = sessions.start('operator', 'a');
  for (let i = 0; i < 2000; i++) sessions.start('guest', `client ${i}`);
  expect(sessions.find([id], null)).not.toBeNull();
});

test('one client cannot push out the sessions of the others', () => {
  const sessions = createSessions();
  const { id } = sessions.start('guest', 'a');
  const first = sessions.start('guest', 'b');
  for (let i = 0; i < 2000; i++) sessions.start('guest', 'b');
  expect(sessions.find([id], null)).not.toBeNull();
  expect(first.session.ended.aborted).toBe(true);
});

test('a flood of sign-ins from the address of a class ends no session in use', () => {
  const sessions = createSessions();
  const pupils = Array.from({ length: 150 }, () => sessions.start('guest', 'school'));
  vi.advanceTimersByTime(60_000);
  for (const { id } of pupils) sessions.find([id], null);
  for (let i = 0; i < 2000; i++) sessions.start('guest', 'school');
  expect(pupils.filter(({ session }) => session.ended.aborted)).toEqual([]);
});

test('removes the longest idle session of an address first', () => {
  const sessions = createSessions();
  const used = Array.from({ length: 200 }, () => sessions.start('guest', 'school'));
  for (const { id } of used.toReversed()) {
    vi.advanceTimersByTime(1);
    sessions.find([id], null);
  }
  sessions.start('guest', 'school');
  expect(used.filter(({ session }) => session.ended.aborted)).toEqual(used.slice(-1));
});

test('when full, removes a session of the address that has most', () => {
  const sessions = createSessions();
  const own = sessions.start('guest', 'home');
  for (const client of ['a', 'b', 'c', 'd']) {
    for (let i = 0; i < 200; i++) sessions.start('guest', client);
  }
  expect(own.session.ended.aborted).toBe(false);
});

test('the number of sessions is bounded', () => {
  const sessions = createSessions();
  const started = Array.from({ length: 2000 }, (_, i) => sessions.start('guest', `client ${i}`));
  const live = started.filter(({ session }) => !session.ended.aborted);
  expect(live).toHaveLength(500);
  expect(live).toEqual(started.slice(-500));
});

type Step =
  | { kind: 'start'; role: SessionRole }
  | { kind: 'end'; which: number }
  | { kind: 'pass'; ms: number }
  | { kind: 'find'; which: number; token: boolean; tossed: (number | string)[] };

const which = fc.nat(20);
const steps = fc.array(
  fc.oneof(
    fc.record<Step & { kind: 'start' }>({
      kind: fc.constant('start'),
      role: fc.constantFrom('guest', 'operator'),
    }),
    fc.record<Step & { kind: 'end' }>({ kind: fc.constant('end'), which }),
    fc.record<Step & { kind: 'pass' }>({
      kind: fc.constant('pass'),
      ms: fc.oneof(
        fc.nat(SESSION_IDLE_MS + 1000),
        fc.constantFrom(SESSION_IDLE_MS - 1, SESSION_IDLE_MS, AGE_MS),
      ),
    }),
    fc.record<Step & { kind: 'find' }>({
      kind: fc.constant('find'),
      which,
      token: fc.boolean(),
      tossed: fc.array(fc.oneof(which, fc.string()), { maxLength: 5 }),
    }),
  ),
  { maxLength: 60 },
);

test('property: never finds an ended session, and finds a token’s session among tossed cookies', () => {
  fc.assert(
    fc.property(steps, (sequence) => {
      let now = 0;
      const sessions = createSessions(() => now);
      const model: { issued: Issued; started: number; used: number; over: boolean }[] = [];
      const at = (index: number) => model[index % Math.max(1, model.length)];
      for (const step of sequence) {
        if (step.kind === 'start') {
          const issued = sessions.start(step.role, 'a');
          model.push({ issued, started: now, used: now, over: false });
        }
        if (step.kind === 'pass') now += step.ms;
        for (const one of model) {
          one.over ||= now >= one.started + AGE_MS || now >= one.used + SESSION_IDLE_MS;
        }
        if (step.kind === 'end') {
          const one = at(step.which);
          if (!one) continue;
          sessions.end(one.issued.session);
          one.over = true;
        }
        if (step.kind !== 'find') continue;
        const one = at(step.which);
        if (!one) continue;
        const tossed = step.tossed.flatMap((toss) =>
          typeof toss === 'string' ? toss : (at(toss)?.issued.id ?? []),
        );
        const ids = [...tossed, one.issued.id];
        const found = sessions.find(ids, step.token ? one.issued.token : null);
        const owner = model.find(({ issued }) => issued.session === found?.session);
        expect(owner?.over ?? false).toBe(false);
        expect(found !== null || one.over).toBe(true);
        const isOwn = step.token && !one.over;
        expect(found?.proven ?? false).toBe(isOwn);
        expect(found?.session === one.issued.session || !isOwn).toBe(true);
        for (const each of model) {
          const used = isOwn ? each === one : ids.includes(each.issued.id);
          if (used && !each.over) each.used = now;
        }
      }
      for (const { issued } of model) sessions.end(issued.session);
    }),
    { numRuns: 300 },
  );
});

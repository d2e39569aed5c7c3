import { expect, test } from 'vitest';
import { createPasswords, type Attempt } from './passwords';
import { createThrottle } from './throttle';

const WORDS = { operator: 'operator’s', guest: 'guests’' };

function fixture(words: Parameters<typeof createPasswords>[0] = WORDS) {
  const clock = { now: 0 };
  const throttle = createThrottle(() => clock.now);
  const passwords = createPasswords(words, throttle);
  const attempt = (client: string, ...deviceCookies: string[]): Attempt => ({
    client,
    deviceCookies,
  });
  const attack = (who: Attempt, times = 100) =>
    Array.from({ length: times }, (_, i) => passwords.check(`guess ${i}`, who));
  return { clock, passwords, attempt, attack };
}

test('returns each password’s role, and none for other text', () => {
  const { passwords, attempt } = fixture();
  expect(passwords.check('operator’s', attempt('a'))).toBe('operator');
  expect(passwords.check('guests’', attempt('a'))).toBe('guest');
  for (const wrong of ['', 'operator’', 'operator’s ', 'OPERATOR’S', 'operator’s\0', null]) {
    expect(passwords.check(wrong, attempt('b')), String(wrong)).toBe('wrong');
  }
});

test('never accepts a password that is not set', () => {
  const { passwords, attempt } = fixture({ operator: null, guest: 'guests’' });
  for (const wrong of ['', 'null', 'operator’s', null]) {
    expect(passwords.check(wrong, attempt('a'))).toBe('wrong');
  }
});

test('does not check passwords of an address over its budget, and returns the wait', () => {
  const { clock, passwords, attempt, attack } = fixture();
  expect(attack(attempt('a')).filter((verdict) => verdict === 'wrong')).toHaveLength(10);
  expect(passwords.check('operator’s', attempt('a'))).toEqual({ wait: 60 });
  clock.now = 59_999;
  expect(passwords.check('operator’s', attempt('a'))).toEqual({ wait: 1 });
  clock.now = 60_000;
  expect(passwords.check('operator’s', attempt('a'))).toBe('operator');
});

test('accepts 61 sign-ins a minute during guesses from another address', () => {
  const { clock, passwords, attempt, attack } = fixture();
  for (let second = 0; second <= 60; second++) {
    attack(attempt('attacker'));
    expect(passwords.check('operator’s', attempt('owner'))).toBe('operator');
    clock.now += 1000;
  }
});

test('accepts 61 sign-ins of a known browser during guesses from the same address', () => {
  const { clock, passwords, attempt, attack } = fixture();
  const device = passwords.deviceCookie('operator');
  for (let second = 0; second <= 60; second++) {
    attack(attempt('proxy'));
    expect(passwords.check('operator’s', attempt('proxy', device))).toBe('operator');
    clock.now += 1000;
  }
});

test('accepts a known browser during guesses from a thousand addresses', () => {
  const { passwords, attempt, attack } = fixture();
  const device = passwords.deviceCookie('operator');
  for (let i = 0; i < 1000; i++) attack(attempt(`10.0.${i >> 8}.${i & 255}`), 5);
  expect(passwords.check('operator’s', attempt('10.0.0.1', device))).toBe('operator');
  expect(passwords.check('operator’s', attempt('192.168.0.1'))).toBe('operator');
});

test('a stolen device cookie allows ten tries a minute and does not lock its owner out', () => {
  const { passwords, attempt, attack } = fixture();
  const device = passwords.deviceCookie('operator');
  const verdicts = attack(attempt('thief', device), 1000);
  // Ten by the browser's budget, then ten by the address's.
  expect(verdicts.filter((verdict) => verdict === 'wrong')).toHaveLength(20);
  expect(passwords.check('operator’s', attempt('owner', device))).toBe('operator');
});

test('the wrong passwords of a known browser do not count for its address', () => {
  const { passwords, attempt, attack } = fixture();
  attack(attempt('proxy', passwords.deviceCookie('operator')), 10);
  expect(passwords.check('operator’s', attempt('proxy'))).toBe('operator');
});

test('a guest’s known browser may sign in as a guest, without more tries at the operator’s password', () => {
  const { passwords, attempt, attack } = fixture();
  const device = passwords.deviceCookie('guest');
  attack(attempt('school'));
  expect(passwords.check('guests’', attempt('school', device))).toBe('guest');
  expect(passwords.check('guests’', attempt('school'))).toEqual({ wait: 60 });
  expect(passwords.check('operator’s', attempt('school', device))).toEqual({ wait: 60 });
  // However many device cookies a guest collects by signing in again and again.
  const many = Array.from({ length: 50 }, () => passwords.deviceCookie('guest'));
  expect(passwords.check('operator’s', attempt('school', ...many))).toEqual({ wait: 60 });
});

test('a guest’s stolen device cookie allows ten tries a minute at the guests’ password', () => {
  const { clock, passwords, attempt, attack } = fixture();
  const thief = attempt('thief', passwords.deviceCookie('guest'));
  // By the address.
  attack(thief, 10);
  attack(thief, 9);
  expect(passwords.check('guests’', thief)).toBe('guest');
  attack(thief, 1);
  expect(passwords.check('guests’', thief)).toEqual({ wait: 60 });
  const owner = attempt('home', passwords.deviceCookie('guest'));
  attack(attempt('home'), 10);
  expect(passwords.check('guests’', owner)).toBe('guest');
  clock.now = 60_000;
  expect(passwords.check('guests’', thief)).toBe('guest');
});

test('ignores device cookies of another password, and junk', () => {
  const { passwords, attempt, attack } = fixture();
  const other = createPasswords({ operator: 'before', guest: null }).deviceCookie('operator');
  attack(attempt('a'));
  for (const value of [other, '', 'junk', `${other}.`, '%', 'a'.repeat(5000)]) {
    expect(passwords.check('operator’s', attempt('a', value))).toEqual({ wait: 60 });
  }
  const own = passwords.deviceCookie('operator');
  expect(passwords.check('operator’s', attempt('a', 'junk', other, own, 'junk'))).toBe('operator');
});

test('refusing a flood is cheap', () => {
  const { passwords, attempt, attack } = fixture();
  const device = passwords.deviceCookie('operator');
  attack(attempt('a', device), 1);
  const before = process.cpuUsage();
  attack(attempt('a', device), 10_000);
  // In µs of CPU time, so that a busy machine does not count; scrypt alone would take 30 ms each.
  const { user, system } = process.cpuUsage(before);
  expect(user + system).toBeLessThan(10_000 * 300);
});

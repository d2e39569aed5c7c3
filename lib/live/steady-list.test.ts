import { beforeEach, describe, expect, test } from 'vitest';
import { NOTHING_ODD, type OddList } from '../swarm/read-list';
import { SteadyList } from './steady-list';

interface Thing {
  ID: string;
  at: number;
}
let list: SteadyList<Thing>;
let reads = 0;
beforeEach(() => {
  list = new SteadyList();
  reads = 0;
});

/** One read: ids of what is read in full, in part, not at all, and how many without an id. Returns `id@read`. */
function read(full: string, { partly = '', leftOut = '', withoutId = 0 } = {}) {
  reads++;
  const ids = (text: string) => new Set(text.split(''));
  const odd: OddList =
    partly + leftOut === '' && withoutId === 0
      ? NOTHING_ODD
      : { ...NOTHING_ODD, partly: ids(partly), leftOut: ids(leftOut), withoutId };
  const things = (full + partly).split('').map((ID) => ({ ID, at: reads }));
  const next = list.next(things, odd);
  const named = next.odd !== NOTHING_ODD;
  return `${next.entities.map(({ ID, at }) => `${ID}${at}`).join(' ')}${named ? ' named' : ''}`;
}

test('returns the list as read if nothing is odd', () => {
  const things = [{ ID: 'a', at: 0 }];
  expect(list.next(things, NOTHING_ODD).entities).toBe(things);
});

describe('an entity that is odd', () => {
  test('in the first read is shown as far as it was read, and named', () => {
    expect(read('a', { partly: 'b' })).toBe('a1 b1 named');
  });

  test('in one read stays as it was, unnamed', () => {
    read('ab');
    expect(read('a', { partly: 'b' })).toBe('a2 b1');
    expect(read('ab')).toBe('a3 b3');
    expect(read('a', { leftOut: 'b' })).toBe('a4 b3');
    expect(read('ab')).toBe('a5 b5');
  });

  test('in two reads is shown as far as it was read, and named', () => {
    read('ab');
    read('a', { partly: 'b' });
    expect(read('a', { partly: 'b' })).toBe('a3 b3 named');
  });

  test('and cannot be shown stays as it was while it is listed', () => {
    read('ab');
    read('a', { leftOut: 'b' });
    expect(read('a', { leftOut: 'b' })).toBe('a3 b1 named');
    expect(read('a', { leftOut: 'b' })).toBe('a4 b1 named');
    expect(read('a')).toBe('a5');
  });
});

describe('entries without an id', () => {
  test('keep the entities that vanished when they appeared', () => {
    read('abc');
    expect(read('ab', { withoutId: 1 })).toBe('a2 b2 c1');
    expect(read('ab', { withoutId: 1 })).toBe('a3 b3 c1 named');
    expect(read('abc')).toBe('a4 b4 c4');
  });

  test('do not keep entities that vanish later', () => {
    read('abc', { withoutId: 1 });
    expect(read('ab', { withoutId: 1 })).toBe('a2 b2 named');
  });

  test('keep at most as many entities as there are entries', () => {
    read('abcd');
    expect(read('a', { withoutId: 2 })).toBe('a2 b1 c1');
    expect(read('a', { withoutId: 1 })).toBe('a3 c1 named');
    expect(read('a')).toBe('a4');
  });

  test('are named at once when nothing vanished', () => {
    read('a');
    expect(read('a', { withoutId: 1 })).toBe('a2 named');
  });
});

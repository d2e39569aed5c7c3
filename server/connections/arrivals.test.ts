import { expect, test } from 'vitest';
import { Arrivals } from './arrivals';

/** Arrivals that are read into a list; `quiet` ends the time in which new ones come in every turn. */
function arrivals() {
  const read: string[] = [];
  const deferred: (() => void)[] = [];
  const queue = new Arrivals<{ name: string; destroyed: boolean }>(
    ({ name }) => read.push(name),
    (then) => void deferred.push(then),
  );
  const come = (name: string) => {
    const arrival = { name, destroyed: false };
    queue.add(name.charAt(0), arrival);
    return arrival;
  };
  const flood = (client: string, count: number) =>
    Array.from({ length: count }, (_, n) => come(client + n));
  return { read, come, flood, quiet: () => deferred.shift()?.() };
}

test('reads the first connections of each client at once', () => {
  const { read, flood, come } = arrivals();
  flood('a', 1000);
  come('b');
  come('b');
  expect(read.slice(-3)).toEqual(['a7', 'b', 'b']);
});

test('reads a flood’s connections when no more come, a few at a time and in turn by client', () => {
  const { read, flood, quiet } = arrivals();
  flood('a', 100);
  flood('b', 10);
  read.length = 0;
  quiet();
  expect(read).toEqual(['a8', 'b8', 'a9', 'b9']);
  quiet();
  expect(read.slice(4)).toEqual(['a10', 'a11', 'a12', 'a13']);
});

test('reads every connection eventually, except destroyed ones', () => {
  const { read, flood, quiet } = arrivals();
  const [, ...others] = flood('a', 200).slice(8);
  for (const arrival of others.slice(0, -1)) arrival.destroyed = true;
  quiet();
  expect(read.slice(8)).toEqual(['a8', 'a199']);
});

test('reads a client at once again after a pause', () => {
  const { read, flood, come, quiet } = arrivals();
  flood('a', 8);
  quiet();
  come('a');
  expect(read).toHaveLength(9);
});

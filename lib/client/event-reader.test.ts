import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createEventReader } from './event-reader';

const STREAM =
  'retry: 1000\n\nevent: state\ndata: {"a":1}\n\nevent: entries\nid: 0a-7\ndata: {"text":"x: y"}\n\n: comment\n\ndata: 1\ndata: 2\n\n';

const MESSAGES = [
  { event: 'state', data: '{"a":1}', id: null },
  { event: 'entries', data: '{"text":"x: y"}', id: '0a-7' },
  { event: '', data: '1\n2', id: null },
];

test('returns the same messages however the text is cut into pieces', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(STREAM.length)), (cuts) => {
      const read = createEventReader();
      const places = [0, ...cuts.toSorted((a, b) => a - b), STREAM.length];
      const pieces = places.slice(1).map((to, at) => STREAM.slice(places[at], to));
      expect(pieces.flatMap(read)).toEqual(MESSAGES);
    }),
  );
});

test('does not return a message that is not complete', () => {
  const read = createEventReader();
  expect(read('event: state\ndata: {"a"')).toEqual([]);
  expect(read(':1}\n')).toEqual([]);
  expect(read('\n')).toEqual([{ event: 'state', data: '{"a":1}', id: null }]);
});

import { expect, test } from 'vitest';
import { aNode } from '@/tests/factories/view';
import { boardPlaces } from './board-places';

const hat = ['ctrl', 'zero1', 'zero2'];

test('lists every place in order, with or without a node, and the other nodes apart', () => {
  const nodes = ['zero2', 'ctrl', 'pi5'].map((name) => aNode({ name }));
  const { places, others } = boardPlaces({ hat, nodes });
  expect(places.map((place) => [place.name, place.port, place.node?.id])).toEqual([
    ['ctrl', null, 'id-ctrl'],
    ['zero1', 'P1', undefined],
    ['zero2', 'P2', 'id-zero2'],
  ]);
  expect(others.map(({ name }) => name)).toEqual(['pi5']);
});

test('the place of a node that joined again shows its ready entry', () => {
  const nodes = [
    aNode({ name: 'zero1', id: 'old', state: 'down' }),
    aNode({ name: 'zero1', id: 'new' }),
  ];
  const { places, others } = boardPlaces({ hat, nodes });
  expect(places[1]?.node?.id).toBe('new');
  expect(others.map(({ id }) => id)).toEqual(['old']);
});

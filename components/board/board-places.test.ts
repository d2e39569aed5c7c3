import { expect, test } from 'vitest';
import { aNode } from '@/tests/factories/view';
import { boardPlaces } from './board-places';

const hat = ['ctrl', 'zero1', 'zero2'];

test('lists every place in order, with or without a node, and the other nodes apart', () => {
  const nodes = [
    aNode({ name: 'zero2' }),
    aNode({ name: 'ctrl' }),
    aNode({ name: 'zero1', id: 'old', place: null }),
    aNode({ name: 'pi5' }),
  ];
  const { places, others } = boardPlaces({ hat, nodes });
  expect(places.map((place) => [place.name, place.port, place.node?.id])).toEqual([
    ['ctrl', null, 'id-ctrl'],
    ['zero1', 'P1', undefined],
    ['zero2', 'P2', 'id-zero2'],
  ]);
  expect(others.map(({ name }) => name)).toEqual(['zero1', 'pi5']);
});

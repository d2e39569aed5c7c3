import fc from 'fast-check';
import { expect, test } from 'vitest';
import { badgesOf, removedMarks } from '@/lib/swarm/badges';
import { openPorts } from '@/lib/swarm/open-url';
import { findTask } from '@/lib/swarm/find-task';
import {
  GOOD,
  mutation,
  NOW,
  captured,
  put,
  snapshotWith,
  viewOf,
} from '@/tests/factories/odd-view';
import { dialTargets } from '../curl/controls/dial-targets';
import { announcement, announcedState } from '../dashboard/announce';
import { portLinks } from '../details/port-links';
import { taskSteps } from '../details/task-steps';
import { chipSize, foldCell, foldTasks, stagePlaces } from '../present/fold';
import { boardPlaces } from './board-places';
import { boardTasks } from './board-tasks';
import { filterNodes } from './filter-nodes';
import { nodeCondition, roleWords } from './node-words';
import { containerWords, stateWords, taskName } from './task-words';

const LIVE = { state: 'live', problem: null } as const;

test('board, present mode and details show any odd view: every task once, and words without gaps', () => {
  fc.assert(
    fc.property(mutation, ({ kind, index, edits }) => {
      const list = captured(kind);
      for (const [path, value] of edits) put(list[index]!, path, structuredClone(value));
      const { view } = viewOf(snapshotWith(kind, list), GOOD.memory);
      const board = boardTasks(view, NOW, undefined, badgesOf(view, null, removedMarks(view)));
      const shown = [...board.waiting, ...[...board.byNode.values()].flat()];
      expect(new Set(shown.map(({ id }) => id)).size).toBe(shown.length);
      for (const one of shown) {
        const words = [stateWords(one, NOW), containerWords(one.task), taskName(one)];
        expect(words.join(' ')).not.toMatch(/undefined|null|NaN|Infinity|\[object/);
      }
      for (const task of view.tasks) {
        const service = view.services.find(({ id }) => id === task.serviceId);
        for (const { took } of taskSteps(task, [])) expect(took ?? 0).toBeGreaterThanOrEqual(0);
        portLinks(task, service, view.nodes, 'swarm.home');
        expect(findTask(view, task.id)).toBe(task);
      }
      for (const node of view.nodes) {
        expect(`${nodeCondition(node).words} ${roleWords(node)}`).not.toContain('undefined');
      }
      for (const service of view.services) openPorts(service, view.nodes, 'localhost');
      dialTargets(view.services);
      filterNodes(view.nodes, board.byNode, 'goweb down', true);
      const [before, after] = [GOOD.view, view].map((one) => announcedState(LIVE, one));
      expect(announcement(before!, after!, null)).not.toMatch(/undefined|NaN/);

      const { places, others } = boardPlaces(view);
      const { cards, cells, more } = stagePlaces(view);
      const ids = [...cards.map(({ node }) => node), ...cells, ...more].flatMap(
        (one) => one?.id ?? [],
      );
      expect(ids.toSorted()).toEqual(view.nodes.map(({ id }) => id).toSorted());
      expect(places.length + others.length).toBeGreaterThanOrEqual(view.nodes.length);
      const lists = cards.map(({ node }) => board.byNode.get(node?.id ?? '') ?? []);
      const size = chipSize(lists, cells.length > 0);
      for (const tasks of lists) {
        expect(foldTasks(tasks, size, cells.length > 0).more).toBeGreaterThanOrEqual(0);
        foldCell(tasks);
      }
    }),
    { numRuns: 150 },
  );
});

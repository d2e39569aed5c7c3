import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  changeBlocks,
  CHANGES,
  READ_SWITCHES,
  refusalNotices,
  switchesOf,
  type Change,
  type Refusals,
} from './refusals';

const refusals = (
  reads: Refusals['reads'] extends ReadonlySet<infer T> ? T[] : never,
  changes: Partial<Record<Change, readonly string[]>> = {},
): Refusals => ({
  reads: new Set(reads),
  changes: new Map(Object.entries(changes) as [Change, readonly string[]][]),
});

/** How often a switch is named in the notices. */
function timesNamed(name: string, all: Refusals): number {
  const text = refusalNotices(all)
    .map((notice) => `${notice.text} ${notice.next ?? ''}`)
    .join(' ');
  return text.split(new RegExp(`\\b${name}\\b`)).length - 1;
}

test('each refused switch is named once, and no other', () => {
  const changes = fc.record(
    {
      scale: fc.constantFrom(['POST'], ['SERVICES'], ['ALLOW_SCALE']),
      drain: fc.constantFrom(['POST'], ['NODES'], ['ALLOW_DRILL']),
      kill: fc.constantFrom(['CONTAINERS', 'POST'], ['POST'], ['ALLOW_DRILL']),
      join: fc.constantFrom(['SWARM'], ['ALLOW_JOIN']),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.subarray([...READ_SWITCHES]), changes, (reads, refused) => {
      // What cannot be read is known to be refused.
      const all = new Set<string>(reads);
      for (const switches of Object.values(refused)) {
        if (switches.length === 1) all.add(switches[0] ?? '');
      }
      const what = refusals(
        READ_SWITCHES.filter((name) => all.has(name)),
        refused,
      );
      for (const name of new Set([...all, ...READ_SWITCHES])) {
        expect(timesNamed(name, what), name).toBe(Number(all.has(name)));
      }
      const ids = refusalNotices(what).map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(refusalNotices(what).every(({ kind }) => kind === 'refused')).toBe(true);
    }),
  );
});

test('changes that the same switch refuses share a notice', () => {
  const what = refusals([], {
    scale: ['POST'],
    drain: ['POST'],
    kill: ['CONTAINERS', 'POST'],
    join: ['SWARM'],
  });
  expect(refusalNotices(what).map(({ text }) => text)).toEqual([
    'A proxy refuses POST: no scaling, draining nodes or killing tasks.',
    'A proxy refuses SWARM: no join commands.',
  ]);
});

test('a refused kill alone names both switches that it needs', () => {
  const what = refusals([], { kill: ['CONTAINERS', 'POST'] });
  expect(refusalNotices(what)).toMatchObject([
    {
      id: 'refused:CONTAINERS+POST',
      text: 'A proxy refuses CONTAINERS or POST: no killing tasks.',
    },
  ]);
});

describe('the switches that refuse a change', () => {
  test.each<[change: Change, answer: string, reading: boolean, switches: string[]]>([
    ['scale', '<h1>403 Forbidden</h1>', false, ['POST']],
    ['scale', '<h1>403 Forbidden</h1>', true, ['SERVICES']],
    ['drain', '', false, ['POST']],
    ['drain', '', true, ['NODES']],
    ['kill', 'Forbidden', false, ['CONTAINERS', 'POST']],
    ['join', '', false, ['SWARM']],
    ['scale', 'The socket proxy does not allow this (ALLOW_SCALE).', false, ['ALLOW_SCALE']],
    ['scale', `ALLOW_${'X'.repeat(1000)}`, false, ['POST']],
  ])('%s: %j (while reading: %j)', (change, answer, reading, switches) => {
    expect(switchesOf(change, answer, reading)).toEqual(switches);
  });
});

test('a change is blocked by its own refusal, or when what it changes cannot be read', () => {
  expect(changeBlocks(refusals(['TASKS', 'EVENTS', 'PING', 'VERSION']))).toEqual({});
  expect(Object.keys(changeBlocks(refusals(['NODES', 'SERVICES', 'INFO'])))).toEqual([
    'scale',
    'update',
    'create',
    'drain',
    'node',
    'remove-node',
  ]);
  const blocks = changeBlocks(refusals([], { scale: ['POST'] }));
  expect(blocks).toEqual({
    scale:
      'A proxy in front of the engine refuses scaling: it needs POST. Set this switch of the socket proxy to 1.',
  });
  for (const change of CHANGES) {
    expect(changeBlocks(refusals([], { [change]: ['X'] }))[change]).toContain('needs X');
  }
});

import { expect, test } from 'vitest';
import {
  edit,
  RESUME,
  ROLL_BACK,
  RUN_AGAIN,
  SHOW_LOGS,
  type HintAction,
} from '@/lib/swarm/hints/actions';
import { hintButtons } from './hint-actions';

const service = { id: 'service-1', listed: true, hasPrevious: true };
const patch = { maxPerNode: 2 };

const KINDS: readonly HintAction[] = [
  { kind: 'change-service', label: 'Allow 2 tasks per node', patch },
  {
    kind: 'change-node',
    label: 'Activate zero1',
    node: 'node-1',
    patch: { availability: 'active' },
  },
  edit('image'),
  SHOW_LOGS,
  ROLL_BACK,
  RUN_AGAIN,
  RESUME,
];

test('each kind of a hint has the action that does it, with the label of the hint', () => {
  expect(hintButtons(KINDS, { service, taskId: 'task-1' })).toEqual([
    {
      label: 'Allow 2 tasks per node',
      action: {
        kind: 'change-service',
        service: 'service-1',
        patch,
        label: 'Allow 2 tasks per node',
      },
    },
    {
      label: 'Activate zero1',
      action: { kind: 'node', node: 'node-1', patch: { availability: 'active' } },
    },
    { label: 'Change image', action: { kind: 'update', service: 'service-1', field: 'image' } },
    { label: 'Show logs', action: { kind: 'logs', of: { task: 'task-1' } } },
    { label: 'Roll back', action: { kind: 'rollback', service: 'service-1' } },
    { label: 'Run again', action: { kind: 'restart', service: 'service-1' } },
    {
      label: 'Resume',
      action: { kind: 'change-service', service: 'service-1', patch: {}, label: 'Resume' },
    },
  ]);
});

test('what is not about one task shows the logs of the service', () => {
  expect(hintButtons([SHOW_LOGS], { service, taskId: null })[0]?.action).toEqual({
    kind: 'logs',
    of: { service: 'service-1' },
  });
});

test('there is no way back without an earlier definition', () => {
  const fresh = { ...service, hasPrevious: false };
  expect(hintButtons([ROLL_BACK, SHOW_LOGS], { service: fresh, taskId: null })).toHaveLength(1);
});

test('a service that is known from its tasks only is not changed, but its node can be', () => {
  const kinds = hintButtons(KINDS, { service: { ...service, listed: false }, taskId: 't' }).map(
    ({ action }) => action.kind,
  );
  expect(kinds).toEqual(['node', 'logs']);
});

test('an action that several reasons share is one button', () => {
  const twice = [edit('image'), SHOW_LOGS, edit('image')];
  expect(hintButtons(twice, { service, taskId: 't' }).map(({ label }) => label)).toEqual([
    'Change image',
    'Show logs',
  ]);
});

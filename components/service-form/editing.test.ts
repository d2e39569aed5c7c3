import { expect, test } from 'vitest';
import type { ServiceDetails } from '@/lib/swarm/spec/answers';
import { createServiceSchema, type CreateService } from '@/lib/swarm/spec/form';
import { formOf } from '@/lib/swarm/spec/form-of';
import { withoutValues } from '@/lib/swarm/spec/hidden-values';
import { specOf } from '@/lib/swarm/spec/spec-of';
import { dismissTheirs, hideValues, receive, type Editing } from './editing';
import { patchBody } from './request-body';

/** What the server answers of a service. */
function answer(over: Partial<CreateService>, { secrets = false } = {}): ServiceDetails {
  const form = { name: 'goweb', image: 'goweb:1', ...over };
  const Spec = specOf(createServiceSchema(20).parse(form));
  const json = secrets ? { Spec } : withoutValues({ Spec });
  return {
    id: 'id',
    name: 'goweb',
    hidden: !secrets,
    form: formOf(json['Spec'] as typeof Spec),
    rollback: null,
    pretty: '',
    json,
  };
}
const env = { A: '1', B: '2' };
const typed = (editing: Editing, replicas: string): Editing => ({
  ...editing,
  state: { ...editing.state, values: { ...editing.state.values, replicas } },
});
const textOf = ({ theirs }: Editing) => theirs?.differences.map(({ text }) => text);
const sentOf = ({ loaded, state }: Editing) => patchBody(loaded, state).body;
const valuesOf = ({ state }: Editing) =>
  state.env.map(({ name, value, hidden }) => [name, hidden ? null : value]);

test('shown values are hidden again, and what was typed is kept', () => {
  const first = receive(null, answer({ env, replicas: 1 }), 'a');
  const shown = receive(first, answer({ env, replicas: 1 }, { secrets: true }), 'a');
  expect(valuesOf(shown)).toEqual([
    ['A', '1'],
    ['B', '2'],
  ]);
  const edited = {
    ...shown,
    state: {
      ...shown.state,
      env: shown.state.env.map((row) => (row.name === 'B' ? { ...row, value: 'new' } : row)),
    },
  };
  const hidden = hideValues(edited);
  expect(valuesOf(hidden)).toEqual([
    ['A', null],
    ['B', 'new'],
  ]);
  expect(hidden.hidden).toBe(true);
  expect(sentOf(hidden)).toEqual({ env: { B: 'new' } });
  expect(JSON.stringify(hidden)).not.toMatch(/A=1|B=2|"value":"[12]"/);
  // And shown once more.
  const again = receive(hidden, answer({ env, replicas: 1 }, { secrets: true }), 'a');
  expect(valuesOf(again)).toEqual(valuesOf(edited));
  expect(sentOf(again)).toEqual({ env: { B: 'new' } });
});

test('the same service again changes nothing', () => {
  const first = receive(null, answer({ env, replicas: 1 }), 'a');
  const again = receive(typed(first, '5'), answer({ env, replicas: 1 }), 'a');
  expect([again.theirs, sentOf(again)]).toEqual([null, { replicas: 5 }]);
});

test('changes of others are compared with the service as it was first shown, until they were read', () => {
  const first = typed(receive(null, answer({ env, replicas: 1 }), 'a'), '5');
  const second = receive(first, answer({ env, replicas: 2 }), 'b');
  const third = receive(second, answer({ env, replicas: 2, hostname: 'web' }), 'c');
  expect(textOf(third)).toEqual(['Replicas: 1 → 2', 'Hostname: the container’s id → web']);
  expect([...(third.theirs?.both ?? [])]).toEqual(['replicas']);
  expect([third.etag, sentOf(third)]).toEqual(['c', { replicas: 5 }]);
  const read = dismissTheirs(third);
  expect(read.theirs).toBeNull();
  expect(textOf(receive(read, answer({ env, replicas: 3, hostname: 'web' }), 'd'))).toEqual([
    'Replicas: 2 → 3',
  ]);
});

test('a hidden value that others changed is no difference that could be shown, and is not written back', () => {
  const first = typed(receive(null, answer({ env, replicas: 1 }), 'a'), '5');
  const second = receive(first, answer({ env: { ...env, A: 'x' }, replicas: 1 }), 'b');
  expect(textOf(second)).toEqual([]);
  expect(sentOf(second)).toEqual({ replicas: 5 });
});

test.each([
  ['unchanged', env, 'a', undefined],
  ['changed meanwhile', { A: 'theirs', C: '3' }, 'b', ['Variable B removed', 'Variable C added']],
])('shows the values of a service that is %s', (_, now, etag, differences) => {
  const first = typed(receive(null, answer({ env, replicas: 1 }), 'a'), '5');
  const shown = receive(first, answer({ env: now, replicas: 1 }, { secrets: true }), etag);
  expect(valuesOf(shown)).toEqual(Object.entries(now));
  expect([shown.hidden, sentOf(shown)]).toEqual([false, { replicas: 5 }]);
  expect(textOf(shown)).toEqual(differences);
  // From now on values are compared, too.
  const later = receive(
    dismissTheirs(shown),
    answer({ env: { ...now, A: 'later' }, replicas: 1 }, { secrets: true }),
    'z',
  );
  expect(textOf(later)).toEqual([`Variable A: ${now.A} → later`]);
  expect(sentOf(later)).toEqual({ replicas: 5 });
});

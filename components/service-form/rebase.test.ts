import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aFormState } from '@/tests/factories/form-states';
import { newPair, newPort, newService, newText, type FormState } from './form-state';
import { rebase, withValues } from './rebase';
import { patchBody } from './request-body';

/** The same form with other keys, as another answer of the server is read. */
function reread(state: FormState): FormState {
  return {
    ...state,
    ports: state.ports.map((row) => newPort({ ...row, key: newText().key })),
    constraints: state.constraints.map(({ text }) => newText(text)),
    preferences: state.preferences.map(({ text }) => newText(text)),
    env: state.env.map((row) => ({ ...row, key: newText().key })),
    labels: state.labels.map((row) => ({ ...row, key: newText().key })),
    containerLabels: state.containerLabels.map((row) => ({ ...row, key: newText().key })),
  };
}

/** Entries that are there twice are an error of the form, and nothing is sent. */
function unique(state: FormState): FormState {
  const once = <T>(rows: readonly T[], id: (row: T) => string) =>
    rows.filter((row, at) => rows.findIndex((other) => id(other) === id(row)) === at);
  const port = ({ published, target, protocol, mode }: FormState['ports'][number]) =>
    [published.trim() || '0', target.trim(), protocol, mode].join('/');
  return {
    ...state,
    ports: once(state.ports, port),
    constraints: once(state.constraints, ({ text }) => text.trim()),
    preferences: once(state.preferences, ({ text }) => text.trim()),
    env: once(state.env, ({ name }) => name),
    labels: once(state.labels, ({ name }) => name),
    containerLabels: once(state.containerLabels, ({ name }) => name),
  };
}

const start: FormState = {
  ...newService([]),
  constraints: [newText('node.role==worker'), newText('node.labels.a==b')],
  env: [newPair('A', '1'), newPair('B', '2')],
};
const edit = (over: Partial<FormState>): FormState => ({ ...start, ...over });
const set = (values: Partial<FormState['values']>, of = start): FormState => ({
  ...of,
  values: { ...of.values, ...values },
});
const shown = ({ values, constraints, env, ports }: FormState) => ({
  image: values.image,
  replicas: values.replicas,
  constraints: constraints.map(({ text }) => text),
  env: env.map(({ name, value, hidden }) => `${name}=${value || (hidden ? '?' : '')}`),
  ports: ports.map(({ published, target }) => `${published}:${target}`),
});

test('the same service leaves what was typed, and what would be sent, as it is', () => {
  fc.assert(
    fc.property(aFormState(), aFormState(), fc.boolean(), (one, other, kept) => {
      const loaded = unique(one);
      const typed = unique(kept ? { ...loaded, values: other.values, env: other.env } : other);
      const result = rebase(loaded, typed, reread(loaded));
      expect(result.both).toEqual([]);
      expect(patchBody(result.loaded, result.state).body).toEqual(patchBody(loaded, typed).body);
    }),
  );
});

test('a form without edits becomes the service as it is now', () => {
  fc.assert(
    fc.property(aFormState(), aFormState(), (loaded, other) => {
      const fresh = unique(other);
      const result = rebase(loaded, loaded, reread(fresh));
      expect(result.both).toEqual([]);
      expect(patchBody(result.loaded, result.state).body).toEqual({});
      expect(shown(result.state).env).toEqual(shown(fresh).env);
    }),
  );
});

describe('both changed', () => {
  test('different fields: each change stays', () => {
    const mine = set({ image: 'goweb:2' });
    const theirs = reread(set({ replicas: '7' }));
    const { loaded, state, both } = rebase(start, mine, theirs);
    expect([state.values.image, state.values.replicas, both]).toEqual(['goweb:2', '7', []]);
    expect(patchBody(loaded, state).body).toEqual({ image: 'goweb:2' });
  });

  test('the same field: what was typed is kept and named', () => {
    const { loaded, state, both } = rebase(start, set({ replicas: '5' }), set({ replicas: '7' }));
    expect([loaded.values.replicas, state.values.replicas, both]).toEqual(['7', '5', ['replicas']]);
    expect(rebase(start, set({ replicas: '5' }), set({ replicas: '5' })).both).toEqual([]);
  });

  test('entries of one list', () => {
    const [a, b] = start.env as [(typeof start.env)[0], (typeof start.env)[0]];
    const mine = edit({
      env: [{ ...a, value: 'mine' }, b, newPair('MINE', 'x')],
      constraints: start.constraints.slice(1),
    });
    const theirs = reread(
      edit({
        env: [newPair('A', 'theirs'), newPair('THEIRS', 'y')],
        constraints: [...start.constraints, newText('node.id!=x')],
      }),
    );
    const result = rebase(start, mine, theirs);
    expect(shown(result.state)).toMatchObject({
      env: ['A=mine', 'THEIRS=y', 'MINE=x'],
      constraints: ['node.labels.a==b', 'node.id!=x'],
    });
    expect(result.both).toEqual([`env.${a.key}`]);
    expect(patchBody(result.loaded, result.state).body).toEqual({
      env: { A: 'mine', MINE: 'x' },
      constraints: { remove: ['node.role==worker'] },
    });
  });

  test('an entry that the other has removed is added again', () => {
    const [a, b] = start.env as [(typeof start.env)[0], (typeof start.env)[0]];
    const mine = edit({ env: [{ ...a, value: 'mine' }, b] });
    const result = rebase(start, mine, reread(edit({ env: [b] })));
    expect(shown(result.state).env).toEqual(['B=2', 'A=mine']);
    expect(result.both).toEqual([`env.${a.key}`]);
    expect(patchBody(result.loaded, result.state).body).toEqual({ env: { A: 'mine' } });
  });

  test('the same entry added by both is there once', () => {
    const mine = edit({ env: [...start.env, newPair('C', '1')] });
    const theirs = reread(edit({ env: [...start.env, newPair('C', '1')] }));
    const same = rebase(start, mine, theirs);
    expect(shown(same.state).env).toEqual(['A=1', 'B=2', 'C=1']);
    expect([same.both, patchBody(same.loaded, same.state).body]).toEqual([[], {}]);
    const other = rebase(start, mine, reread(edit({ env: [...start.env, newPair('C', '2')] })));
    expect(shown(other.state).env).toEqual(['A=1', 'B=2', 'C=1']);
    expect(other.both).toHaveLength(1);
    expect(patchBody(other.loaded, other.state).body).toEqual({ env: { C: '1' } });
  });
});

test('hidden values stay hidden and unsent, and are filled in when they are shown', () => {
  const hide = (state: FormState): FormState => ({
    ...state,
    env: state.env.map((row) => ({ ...row, value: '', hidden: true })),
  });
  const loaded = hide(start);
  const [a, b] = loaded.env as [(typeof start.env)[0], (typeof start.env)[0]];
  const mine = { ...loaded, env: [{ ...a, value: 'new' }, b] };
  const result = rebase(
    loaded,
    mine,
    hide(reread(edit({ env: [...start.env, newPair('C', '3')] }))),
  );
  expect(shown(result.state).env).toEqual(['A=new', 'B=?', 'C=?']);
  expect(patchBody(result.loaded, result.state).body).toEqual({ env: { A: 'new' } });
  const values = withValues(mine, start);
  expect(shown(values).env).toEqual(['A=new', 'B=2']);
  expect(patchBody(withValues(loaded, start), values).body).toEqual({ env: { A: 'new' } });
});

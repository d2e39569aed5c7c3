import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LabelRule } from '@/lib/swarm/details';
import { patchNode } from '@/lib/swarm/spec/node-form';
import { isMet, labelForm, missingLabels } from './label-form';

const base = [
  { name: 'disk', value: 'ssd' },
  { name: 'rack', value: '1' },
];
const none = new Map<string, string | null>();
const states = ({ rows }: ReturnType<typeof labelForm>) =>
  rows.map(({ name, value, state }) => [name, value, state]);

test('half of a character stands at its field, whether in a name or a value', () => {
  const HALF = 'This has half of a character, which cannot be sent: type it again.';
  const form = labelForm(base, new Map([['rack', '\ud83d']]), [
    { key: 1, name: 'a\ude80', value: 'x' },
  ]);
  expect(form.patch).toBeNull();
  expect(form.rows.map(({ nameError, valueError }) => [nameError, valueError])).toEqual([
    [null, null],
    [null, HALF],
    [HALF, null],
  ]);
});

describe('the form', () => {
  test('has what the node has, and sends nothing', () => {
    const form = labelForm(base, none, [{ key: 1, name: '', value: '' }]);
    expect(states(form)).toEqual([
      ['disk', 'ssd', 'kept'],
      ['rack', '1', 'kept'],
      ['', '', 'added'],
    ]);
    expect([form.patch, form.isChanged]).toEqual([null, false]);
  });

  test('sends what differs, and nothing else', () => {
    const edits = new Map([
      ['disk', null],
      ['rack', '2'],
    ]);
    const form = labelForm(base, edits, [{ key: 1, name: 'zone', value: '' }]);
    expect(form.patch).toEqual({ labels: { disk: null, rack: '2', zone: '' } });
    expect(states(form)).toEqual([
      ['disk', 'ssd', 'removed'],
      ['rack', '2', 'changed'],
      ['zone', '', 'added'],
    ]);
    expect(labelForm(base, new Map([['disk', 'ssd']]), []).isChanged).toBe(false);
  });

  test('follows what others change meanwhile', () => {
    const edits = new Map([
      ['disk', 'nvme'],
      ['rack', null],
    ]);
    expect(labelForm([{ name: 'disk', value: 'nvme' }], edits, []).isChanged).toBe(false);
    const form = labelForm([{ name: 'new', value: 'x' }], edits, []);
    expect(form.patch).toEqual({ labels: { disk: 'nvme' } });
    expect(states(form)).toEqual([
      ['new', 'x', 'kept'],
      ['disk', 'nvme', 'changed'],
    ]);
  });

  test.each([
    ['', 'x', 'nameError', 'A name is required.'],
    ['a=b', '', 'nameError', 'The name of a label cannot contain =.'],
    ['a b', '', 'nameError', 'The name of a label cannot contain spaces and control characters.'],
    ['com.docker.swarm.x', '', 'nameError', /^Swarm sets the labels/],
    ['x'.repeat(256), '', 'nameError', 'A name has at most 255 characters.'],
    ['disk', 'x', 'nameError', 'There is a label disk already.'],
    ['ok', 'x'.repeat(4097), 'valueError', 'A value has at most 4096 characters.'],
    ['ok', 'a\0b', 'valueError', 'A value cannot contain the character NUL.'],
  ] as const)('%j=%j has its error at the %s', (name, value, field, message) => {
    const form = labelForm(base, none, [{ key: 1, name, value }]);
    const row = form.rows.at(-1)!;
    expect(form.patch).toBeNull();
    expect(row[field]).toMatch(message);
    expect(row[field === 'nameError' ? 'valueError' : 'nameError']).toBeNull();
  });

  test('names a wrong value of a label that the node has', () => {
    const form = labelForm(base, new Map([['rack', 'x'.repeat(4097)]]), []);
    expect(form.rows[1]?.valueError).toMatch('at most 4096');
    expect(form.patch).toBeNull();
  });

  test('two new labels of one name are wrong, and one with the name of a removed one is not', () => {
    const twice = [
      { key: 1, name: 'a', value: '1' },
      { key: 2, name: 'a', value: '2' },
    ];
    expect(labelForm([], none, twice).rows.map(({ nameError }) => nameError)).toEqual([
      null,
      'There is a label a already.',
    ]);
    const again = labelForm(base, new Map([['disk', null]]), [
      { key: 1, name: 'disk', value: 'x' },
    ]);
    expect(again.patch).toEqual({ labels: { disk: 'x' } });
  });

  test('what it sends makes of the node what it shows', () => {
    const word = fc.constantFrom('a', 'b', 'c', 'constructor');
    const value = fc.constantFrom('', '1', '2');
    fc.assert(
      fc.property(
        fc.dictionary(word, value),
        fc.array(fc.tuple(word, fc.option(value))),
        fc.array(fc.tuple(word, value), { maxLength: 3 }),
        (labels, edited, more) => {
          const has = Object.entries(labels).map(([name, one]) => ({ name, value: one }));
          const added = more.map(([name, one], key) => ({ key, name, value: one }));
          const form = labelForm(has, new Map(edited), added);
          const shown = form.rows.filter(({ state }) => state !== 'removed');
          const wrong = form.rows.some(({ nameError }) => nameError !== null);
          expect(form.patch === null).toBe(wrong || !form.isChanged);
          if (wrong) return;
          const after = patchNode({ Labels: labels }, form.patch ?? {})['Labels'];
          expect(after).toEqual(Object.fromEntries(shown.map((row) => [row.name, row.value])));
        },
      ),
    );
  });
});

test('a rule is met by what the form has', () => {
  const needs = { value: 'SSD', equal: true };
  const avoids = { value: 'ssd', equal: false };
  expect([isMet(needs, 'ssd'), isMet(needs, 'hdd'), isMet(needs, null)]).toEqual([
    true,
    false,
    false,
  ]);
  expect([isMet(avoids, 'SSD'), isMet(avoids, null)]).toEqual([false, true]);
  expect(isMet({ value: null, equal: null }, 'x')).toBeNull();
});

test('labels that services look for are offered once, for all of them', () => {
  const rule = (over: Partial<LabelRule>): LabelRule => ({
    label: 'disk',
    service: 'goweb',
    rule: 'node.labels.disk==ssd',
    value: 'ssd',
    equal: true,
    met: false,
    ...over,
  });
  const rules = [
    rule({}),
    rule({ service: 'db' }),
    rule({ service: 'db' }),
    rule({ value: 'hdd', equal: false }),
    rule({ label: 'zone', value: null, equal: null, met: null }),
    rule({ label: 'rack', value: 'A' }),
  ];
  const rows = labelForm([{ name: 'rack', value: 'a' }], none, []).rows;
  expect(missingLabels(rules, rows)).toEqual([
    { name: 'disk', value: 'ssd', services: ['goweb', 'db'] },
  ]);
  const removed = labelForm([{ name: 'rack', value: 'a' }], new Map([['rack', null]]), []).rows;
  expect(missingLabels(rules, removed)).toHaveLength(2);
});

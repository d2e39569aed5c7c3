import { expect, test } from 'vitest';
import { parseLogQuery } from './query';

const NOW = Date.UTC(2026, 0, 1, 12);
const parse = (query: string, accept = '*/*') =>
  parseLogQuery(new URLSearchParams(query), accept, NOW);

test('without a query: events for a browser’s stream, else the whole log as text', () => {
  const which = { task: null, node: null, search: '' };
  const events = {
    format: 'events',
    follow: true,
    tail: 100,
    since: null,
    duration: null,
    ...which,
  };
  expect(parse('', 'text/event-stream')).toEqual(events);
  expect(parse('format=events')).toEqual(events);
  expect(parse('')).toEqual({ ...events, format: 'text', follow: false, tail: null });
  expect(parse('format=text', 'text/event-stream')).toMatchObject({ format: 'text' });
});

test.each([
  ['tail=all', { tail: null, follow: false }],
  ['tail=0&follow=1', { tail: 0, follow: true }],
  ['tail=1000000', { tail: 1_000_000 }],
  ['follow=true', { follow: true, tail: 100 }],
  ['follow=false', { follow: false, tail: null }],
  ['since=1767268800000', { since: '2026-01-01T12:00:00.000Z', duration: null }],
  ['since=90s', { since: '2026-01-01T11:58:30.000Z', duration: '90s' }],
  ['since=10m', { since: '2026-01-01T11:50:00.000Z' }],
  ['since=2h', { since: '2026-01-01T10:00:00.000Z' }],
  ['since=1d', { since: '2025-12-31T12:00:00.000Z' }],
  ['since=9999999d', { since: '1970-01-01T00:00:00.000Z' }],
  ['task=goweb.2&node=zero1', { task: 'goweb.2', node: 'zero1', search: '' }],
  ['search=a%20b%26', { task: null, search: 'a b&' }],
  ['follow=1&search=x', { follow: true, search: 'x' }],
  ['since=0', { since: '1970-01-01T00:00:00.000Z' }],
])('%s', (query, part) => {
  expect(parse(query)).toMatchObject(part);
});

test.each([
  ['format=json', 'format is'],
  ['format=', 'format is'],
  ['follow=yes', 'follow is'],
  ['format=events&follow=0', 'format=text'],
  ['tail=-1', 'tail is'],
  ['tail=1.5', 'tail is'],
  ['tail=', 'tail is'],
  ['tail=1000001', 'tail is'],
  ['tail=all&follow=1', 'tail is'],
  ['tail=1001&follow=1', 'from 0 to 1000'],
  ['task=', 'task has 1 to 300'],
  ['node=', 'node has'],
  ['search=', 'search has'],
  [`search=${'x'.repeat(301)}`, 'search has 1 to 300'],
  ['format=events&task=goweb.2', 'task is for format=text'],
  ['format=events&search=x', 'search is for format=text'],
  ['since=yesterday', 'since is'],
  ['since=', 'since is'],
  ['since=-5', 'since is'],
  ['since=10w', 'since is'],
  ['since=999999999999999', 'since is'],
])('%s is refused', (query, sentence) => {
  expect(parse(query)).toContain(sentence);
});

test.each(['task', 'node', 'search'])('%s has 1 to 300 characters, and an emoji is one', (name) => {
  const parse = (value: string) =>
    parseLogQuery(new URLSearchParams({ format: 'text', [name]: value }), '', NOW);
  expect(parse('🚀'.repeat(300))).toMatchObject({ [name]: '🚀'.repeat(300) });
  expect(parse('🚀'.repeat(301))).toBe(`${name} has 1 to 300 characters.`);
});

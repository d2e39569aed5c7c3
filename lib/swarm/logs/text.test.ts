import { expect, test } from 'vitest';
import { logNames, textLine, textNote } from './text';

const LINE = { time: '2026-01-01T12:00:00.000000001Z', taskId: 't1', nodeId: 'n1', text: 'GET /' };
const names = logNames({
  tasks: [{ id: 't1', name: 'goweb.2' }],
  nodes: [{ id: 'n1', name: 'zero1' }],
  goneNodes: [{ id: 'n9', name: 'zero9' }],
});

test('a line is as docker’s client prints it', () => {
  expect(textLine({ ...LINE, cut: false }, names)).toBe(
    '2026-01-01T12:00:00.000000001Z goweb.2.t1@zero1    | GET /\n',
  );
});

test('ids stand for unknown names; a node that has left keeps its name; a cut line has a mark', () => {
  expect(textLine({ ...LINE, taskId: 't7', nodeId: 'n9', cut: true }, names)).toContain(
    ' t7@zero9    | GET / …\n',
  );
  expect(textLine({ ...LINE, nodeId: 'n8', cut: false }, names)).toContain(' goweb.2.t1@n8    | ');
});

test('a note starts with #', () => {
  expect(textNote('zero3 is down: its lines are missing.')).toBe(
    '# zero3 is down: its lines are missing.\n',
  );
});

import { expect, it } from 'vitest';
import { docker, eventually, labOk } from './support';

/** Each node's version, as `lab status` prints it. */
async function versions(): Promise<Record<string, string>> {
  const rows = [...(await labOk('status')).matchAll(/^(ctrl|zero\d) +\S+ +\S+ +(\S+)/gm)];
  return Object.fromEntries(rows.map(([, node = '', version = '']) => [node, version]));
}

const major = (version: string | undefined) => Number.parseInt(version ?? '', 10);

/** Last, because the manager is away for a while. The lab is one with another engine on ctrl. */
it('each node keeps its engine when it stops and starts again', async () => {
  const before = await versions();
  expect(Object.keys(before)).toHaveLength(5);
  expect(major(before['ctrl'])).toBeGreaterThanOrEqual(major(before['zero1']));
  const listed = await docker('node', 'ls', '--format', '{{.Hostname}} {{.EngineVersion}}');
  expect(
    Object.fromEntries(
      listed
        .trim()
        .split('\n')
        .map((line) => line.split(' ')),
    ),
  ).toEqual(before);
  for (const node of ['zero1', 'ctrl']) {
    await labOk('stop', node);
    await labOk('start', node);
  }
  await eventually('five versions again', async () => {
    const after = await versions();
    return after['ctrl'] === before['ctrl'] && after['zero1'] === before['zero1']
      ? true
      : undefined;
  });
});

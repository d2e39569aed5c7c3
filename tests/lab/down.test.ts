import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LabState } from '../../lab/state';
import { lab, labEnv, labOk } from './support';

/** A second lab for this test, because it goes down. */
const NAME = 'downtest';
const RUN_DIR = `/run/clusterhat-lab-${NAME}`;

/** Names of everything on this machine that a lab may change; new ones are the lab's traces. */
function machine(): Record<string, string[]> {
  const list = (path: string): string[] => (existsSync(path) ? readdirSync(path) : []);
  const cgroups = list('/sys/fs/cgroup').flatMap((controller) =>
    list(`/sys/fs/cgroup/${controller}`).map((name) => `${controller}/${name}`),
  );
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8').trim().split('\n');
  return {
    namespaces: list('/run/netns'),
    interfaces: list('/sys/class/net'),
    binfmt: list('/proc/sys/fs/binfmt_misc'),
    run: list('/run'),
    data: list('/var/lib'),
    cgroups,
    mounts: mounts.map((line) => line.split(' ')[4] ?? ''),
    // By command line: each of the lab's programs is started with a path or a name that is the lab's.
    processes: list('/proc').filter((pid) => /^\d+$/.test(pid) && commandLine(pid).includes(NAME)),
  };
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** The lab's traces: names that contain the lab's name, by kind. */
function traces(): string[] {
  return Object.entries(machine()).flatMap(([kind, names]) =>
    names
      .filter((name) => kind === 'processes' || name.includes(NAME))
      .map((name) => `${kind}: ${name}`),
  );
}

function state(): LabState {
  return LabState.parse(JSON.parse(readFileSync(`${RUN_DIR}/state.json`, 'utf8')));
}

describe('down', () => {
  const before = process.env['CLUSTERHAT_LAB'];

  beforeAll(() => {
    process.env['CLUSTERHAT_LAB'] = NAME;
  });

  afterAll(async () => {
    await labOk('down');
    if (before === undefined) delete process.env['CLUSTERHAT_LAB'];
    else process.env['CLUSTERHAT_LAB'] = before;
  });

  it('leaves nothing of a lab that ran a service', async () => {
    await labOk('down');
    expect(traces()).toEqual([]);
    const up = await lab('up');
    expect(up.code).toBe(0);
    expect(up.stderr).toMatch(/lab: up in \d+\.\d s/);
    await labOk('echo');
    // So that the test can fail: what it looks for is there while the lab is up.
    const kinds = [...new Set(traces().map((trace) => trace.replace(/:.*/, '')))];
    const all = ['binfmt', 'cgroups', 'data', 'interfaces', 'mounts', 'namespaces'];
    expect(kinds.toSorted((a, b) => (a < b ? -1 : 1))).toEqual([...all, 'processes', 'run']);
    await labOk('spare', 'up');
    await labOk('down');
    expect(traces()).toEqual([]);
  });

  it('does nothing without a lab, which status and env report', async () => {
    const again = await lab('down');
    expect(again.stderr).toContain('nothing to take down');
    expect(again.code).toBe(0);
    expect(await lab('status')).toMatchObject({ code: 1, stdout: 'the lab is not up\n' });
    const env = await lab('env');
    expect(env.stderr).toContain('the lab is not up; start it with: npm run -s lab -- up');
    expect(env.code).toBe(1);
  });

  it('up removes what a crash left', async () => {
    await labOk('up');
    const { nodes, registry, meshProcess } = state();
    for (const id of [...Object.values(nodes), registry, meshProcess]) {
      if (id !== undefined) process.kill(id.pid, 'SIGKILL');
    }
    const again = await lab('up');
    expect(again.stderr).toContain('clearing away what an earlier lab left');
    expect(again.code).toBe(0);
    expect((await labOk('docker', 'ctrl', 'node', 'ls')).trim().split('\n')).toHaveLength(6);
    expect((await labEnv())['LAB_RUN']).toBe(RUN_DIR);
  });

  it('an engine that does not start: up prints and keeps the reason and removes the rest', async () => {
    await labOk('down');
    const bin = mkdtempSync(join(tmpdir(), 'no-engine-'));
    const path = process.env['PATH'];
    let failed = '';
    try {
      writeFileSync(join(bin, 'dockerd'), '#!/bin/sh\necho no engine today >&2\nexit 3\n', {
        mode: 0o755,
      });
      process.env['PATH'] = `${bin}:${path}`;
      const up = await lab('up');
      // The first that ends ends the others, which may have said nothing yet.
      failed = /^lab: the engine of (\w+) ended at once/m.exec(up.stderr)?.[1] ?? '';
      expect(failed, up.stderr).not.toBe('');
      expect(up.stderr).toContain(`the engines' logs are kept in ${RUN_DIR}.failed`);
      expect(up.code).toBe(1);
    } finally {
      process.env['PATH'] = path;
      rmSync(bin, { recursive: true });
    }
    expect(readFileSync(`${RUN_DIR}.failed/${failed}/dockerd.log`, 'utf8')).toContain(
      'no engine today',
    );
    expect(traces()).toEqual([`run: clusterhat-lab-${NAME}.failed`]);
    await labOk('down');
    expect(traces()).toEqual([]);
    await labOk('up');
  });

  it('down removes what the record does not list', async () => {
    writeFileSync(`${RUN_DIR}/state.json`, '{ half a rec');
    expect(traces().some((trace) => trace.startsWith('processes'))).toBe(true);
    await labOk('down');
    expect(traces()).toEqual([]);
  });
});

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootController, type Controller, shellOn } from '../../lab/controller';
import { until } from '../../lab/exec';
import { addressesOf } from '../../lab/layout';
import { type LabState, requireUp } from '../../lab/state';
import { installed, importBases, Page, passwordIn, releaseFolder, succeeded } from './controller';
import { documented } from './install-docs';
import { labOk, runCommand } from './support';

/** Way A of docs/install.md: a system service, on a booted systemd in ctrl's network. */

const UNIT = join(import.meta.dirname, '..', '..', 'deploy', 'clusterhat.service');

/** How exposed the service may be by systemd's own scale of 0 to 10, times ten; 12 when this was written. */
const MOST_EXPOSED = 13;

/** Debian's systemd; `npm test -- --install` brings it. */
const noSystemd = !existsSync('/lib/systemd/systemd');

describe.skipIf(noSystemd)('the unit', () => {
  it('passes systemd-analyze verify', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'clusterhat-unit-'));
    try {
      // This machine's node may be where systemd does not look.
      const text = readFileSync(UNIT, 'utf8').replace('=node ', `=${process.execPath} `);
      const unit = join(folder, basename(UNIT));
      writeFileSync(unit, text);
      const done = await runCommand('systemd-analyze', ['verify', '--man=no', unit]);
      expect(done).toMatchObject({ code: 0, stderr: '' });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('is hardened', async () => {
    const gate = ['--offline=true', `--threshold=${MOST_EXPOSED}`, UNIT];
    const done = await runCommand('systemd-analyze', ['security', ...gate]);
    expect(done.code, done.stdout).toBe(0);
  });
});

describe.skipIf(noSystemd)('the service', () => {
  let state: LabState;
  let release: Awaited<ReturnType<typeof releaseFolder>> | undefined;
  let controller: Controller | undefined;
  let page: Page;
  let password = '';

  /** Runs shell lines on the controller that have to succeed. */
  async function there(script: string): Promise<string> {
    if (!controller) throw new Error('the controller is not up');
    return succeeded(await controller.shell(script));
  }

  beforeAll(async () => {
    state = requireUp();
    await labOk('reset');
    release = await releaseFolder();
    await importBases('ctrl');
    page = new Page(`http://${addressesOf(state.prefix).nodes.ctrl}:3000`);
    // The echo service's image is the same for all three ways.
    const image = documented('unpack', 'registry', 'echo-image');
    succeeded(await shellOn(state, 'ctrl', image, { cwd: release.path }));

    controller = await bootController(state, 'ctrl');
    await controller.copy(release.path, '/home/pi');
    const lines = documented('forward', 'unpack', 'password', 'service');
    password = passwordIn(await there(`cd /home/pi\n${lines}`));
  }, 1_800_000);

  afterAll(async () => {
    await controller?.powerOff();
    release?.remove();
    await labOk('reset');
  }, 360_000);

  it('ends with the page open and three containers answering', async () => {
    const { html, view, tasks } = await installed(page, 'goweb', password);
    expect(html).toContain('<title>');
    expect(view.engine.name).toBe('ctrl');
    expect(view.nodes.map(({ name }) => name)).toEqual(view.hat);
    expect(tasks.size).toBe(3);
    expect(await there(documented('answer'))).toMatch(/^This is \w{12} running on /);
  }, 540_000);

  it('configures Docker’s unit to accept packets of the bridge', async () => {
    // The machine's own unit of Docker, which does not run here, with the drop-in that was just installed.
    await there('systemctl daemon-reload');
    const drop = await there('systemctl show -P DropInPaths -P ExecStartPost docker.service');
    expect(drop).toContain('/etc/systemd/system/docker.service.d/clusterhat.conf');
    expect(drop).toContain('iptables -w -I DOCKER-USER -i br0 -o br0 -j ACCEPT');
    expect(drop).toContain('ignore_errors=yes');
  });

  it('runs as its own user, without capabilities, in a sandbox', async () => {
    const status = await there(
      'cat /proc/$(systemctl show -P MainPID clusterhat)/status; id clusterhat',
    );
    expect(status).toMatch(/^CapEff:\t0+$/m);
    expect(status).toMatch(/^CapBnd:\t0+$/m);
    expect(status).toMatch(/^NoNewPrivs:\t1$/m);
    expect(status).toMatch(/^Seccomp:\t2$/m);
    expect(status).toMatch(/uid=\d+\(clusterhat\) gid=\d+\(clusterhat\) groups=.*\(docker\)/);
    const uid = /uid=(\d+)/.exec(status)?.[1];
    expect(status).toMatch(new RegExp(`^Uid:\t${uid}\t${uid}\t${uid}\t${uid}$`, 'm'));
    expect(Number(uid)).toBeGreaterThan(0);
  });

  it('hides the password from other users', async () => {
    expect(await there('stat -c "%a %U" /etc/clusterhat/password')).toBe('600 root\n');
    const environment = await there(
      "tr '\\0' '\\n' </proc/$(systemctl show -P MainPID clusterhat)/environ",
    );
    expect(environment).toMatch(/^DASHBOARD_PASSWORD_FILE=\/run\/credentials\/.*\/password$/m);
    expect(environment).not.toContain(password);
    expect(environment).toContain('--max-old-space-size=128');
  });

  it('accepts a new password without restarting the echo service', async () => {
    const before = await there('docker service ps --quiet --no-trunc goweb | sort');
    for (let change = 1; change <= 2; change++) {
      const old = password;
      expect(await page.scale('goweb', 3, old)).toBe(202);
      password = passwordIn(await there(documented('password', 'service-password')));
      await page.open();
      expect(await page.scale('goweb', 3, old)).toBe(401);
      expect(await page.scale('goweb', 3, password)).toBe(202);
    }
    expect(await there('docker service ps --quiet --no-trunc goweb | sort')).toBe(before);
  });

  it('restarts after it is killed with its history, but not with invalid settings', async () => {
    expect(await page.scale('goweb', 4, password)).toBe(202);
    const scaled = await until('the change on the timeline', async () =>
      (await page.history()).entries.find(({ text }) => text === 'goweb was scaled from 3 to 4'),
    );
    const first = await there('systemctl show -P MainPID clusterhat');
    await there('systemctl kill --signal=SIGKILL clusterhat');
    await page.open();
    expect(await there('systemctl show -P MainPID clusterhat')).not.toBe(first);
    await page.viewWhen('the swarm', ({ services }) => services.length > 0);
    const { entries, gaps } = await page.history();
    expect(entries).toContainEqual(scaled);
    expect(gaps.at(-1)).toMatchObject({ why: 'not running' });
    expect(gaps.at(-1)?.from).toBeGreaterThanOrEqual(scaled.at);
    expect(
      await there('stat -c "%a %U %n" /var/lib/clusterhat /var/lib/clusterhat/history.jsonl'),
    ).toBe(
      '700 clusterhat /var/lib/clusterhat\n600 clusterhat /var/lib/clusterhat/history.jsonl\n',
    );
    expect(await page.scale('goweb', 3, password)).toBe(202);

    await there('echo PORT=none >>/etc/clusterhat/environment; systemctl restart clusterhat || :');
    const state = await there(
      'until systemctl is-failed --quiet clusterhat; do sleep 0.2; done; systemctl show -P NRestarts -P ExecMainStatus clusterhat',
    );
    expect(state.trim().split('\n').sort()).toEqual(['0', '2']);
  });

  it('starts read-only without a password file', async () => {
    await there(
      'rm /etc/clusterhat/password; sed -i "/^PORT=/d" /etc/clusterhat/environment; systemctl reset-failed clusterhat; systemctl start clusterhat',
    );
    await page.open();
    expect(await page.scale('goweb', 3, password)).toBe(403);
  });

  it('starts again from an upgraded release', async () => {
    const upgrade = `rm -r /opt/clusterhat; cd /home/pi\n${documented('unpack', 'upgrade-service')}`;
    const before = await there('systemctl show -P MainPID clusterhat');
    await there(upgrade);
    await page.open();
    expect(await there('systemctl show -P MainPID clusterhat')).not.toBe(before);
  });

  it('exits on systemctl stop', async () => {
    await there('systemctl stop clusterhat');
    expect(await there('systemctl show -P Result clusterhat')).toBe('success\n');
  });

  it('leaves nothing behind when removed', async () => {
    await there(documented('remove-service'));
    expect(await there('systemctl show -P LoadState clusterhat')).toBe('not-found\n');
    expect(await there('ls -d /opt/clusterhat /etc/clusterhat 2>/dev/null || :')).toBe('');
    expect(
      await there('getent passwd clusterhat || :; docker service ls -q --filter name=goweb'),
    ).toBe('');
  });
});

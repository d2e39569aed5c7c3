import { spawnSync } from 'node:child_process';
import { run } from './commands.mjs';

/** A separate lab for the tests, so that a developer's lab keeps its services. */
export class TestLab {
  /** @param {string} name up to eight small letters and digits */
  constructor(name) {
    this.env = { CLUSTERHAT_LAB: name };
    this.up = false;
    /** What `up` has printed. */
    this.output = '';
  }

  /**
   * @param {{ install: boolean, buffered?: boolean, engine?: string }} options `engine`: the manager's
   * @returns {Promise<string | null>} why it did not come up; null when it did
   */
  async start({ install, buffered = false, engine }) {
    const options = [
      ...(install ? ['--install'] : []),
      ...(engine === undefined ? [] : ['--engine', engine]),
    ];
    const command = ['node', 'scripts/lab.mjs', 'up', ...options];
    // From now on there may be a part of it to take down.
    this.up = true;
    const { ok, output } = await run(command, { env: this.env, buffered: true });
    if (!buffered || !ok) console.log(output.trimEnd());
    this.up = ok;
    this.output = output;
    return ok ? null : (output.trim().split('\n').at(-1) ?? 'the lab did not come up');
  }

  /** @returns {string} DOCKER_HOST of its controller */
  dockerHost() {
    const env = { ...process.env, ...this.env };
    const { stdout } = spawnSync('node', ['scripts/lab.mjs', 'env'], { encoding: 'utf8', env });
    return /^DOCKER_HOST=(\S+)$/m.exec(stdout)?.[1] ?? '';
  }

  /** @returns {Promise<boolean>} whether everything of it was removed */
  async stop() {
    if (!this.up) return true;
    const { ok, output } = await run(['node', 'scripts/lab.mjs', 'down'], {
      env: this.env,
      buffered: true,
    });
    this.up = false;
    console.log(output.trimEnd());
    return ok;
  }

  /** As `stop`, for the end of this process. */
  stopNow() {
    if (!this.up) return;
    this.up = false;
    const env = { ...process.env, ...this.env };
    spawnSync('node', ['scripts/lab.mjs', 'down'], { stdio: 'inherit', env });
  }
}

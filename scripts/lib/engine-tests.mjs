import { TestLab } from './test-lab.mjs';

/** A lab for other engines, one after the other. */
export const engineLab = new TestLab('test3');

/**
 * Runs the contract on a lab whose manager has another engine, with older workers.
 * @param {import('./test-run.mjs').TestRun} tests
 * @param {string} engine as for `lab up --engine`
 * @param {object} options
 * @param {boolean} options.install
 * @param {boolean} options.whole the whole contract, else what engines send differently: the rest takes minutes
 * @param {boolean} options.buffered
 */
export async function testEngine(tests, engine, { install, whole, buffered }) {
  const what = `the contract on the engine ${engine}`;
  const { env } = engineLab;
  if ((await engineLab.start({ install, buffered, engine })) !== null) {
    const why =
      engineLab.output
        .match(/^lab: .*/gm)
        ?.at(-1)
        ?.slice('lab: '.length) ?? 'no reason';
    // A run of this engine alone must not pass without a test.
    return whole ? tests.fail(`${what}: ${why}`) : tests.skip(what, why);
  }
  for (const [, instead] of engineLab.output.matchAll(/^lab: (.* instead of .*)$/gm)) {
    tests.note(`the engine ${engine}: ${instead}`);
  }
  const ECHO = ['node', 'scripts/lab.mjs', 'echo', '--no-create'];
  await tests.check(`the echo service's image, by the engine ${engine}`, ECHO, { env });
  const host = { CONTRACT_DOCKER_HOST: engineLab.dockerHost() };
  await tests.vitest(what, ['contract'], {
    files: ['tests/contract/real.test.ts'],
    // Its lab is gone when the lanes are.
    again: 'at once',
    env: { ...env, ...host, ...(whole ? {} : { CONTRACT_PART: 'differences' }) },
  });
  if (whole) {
    const KEPT = 'tests/lab/other-engine.test.ts';
    await tests.vitest('each node keeps its engine', ['lab'], { env, files: [KEPT] });
  }
  tests.count(`the lab of the engine ${engine} is taken down`, await engineLab.stop());
}

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { freePort } from '../e2e/support/dashboard';

/** Debian's Prometheus on loopback, with the scrape of deploy/prometheus.yml. */
export interface Prometheus {
  /** Runs a query and returns its number of series. Throws with Prometheus' message if it is invalid. */
  series(query: string): Promise<number>;
  /** The state of its only target: `up`, or the last error. */
  target(): Promise<string>;
  stop(): Promise<void>;
}

/** deploy/prometheus.yml as it is, but for the target, the token's file and the time between scrapes. */
export function scrapeConfig(target: string, tokenFile: string): string {
  const text = readFileSync('deploy/prometheus.yml', 'utf8');
  const made = text
    .replace("'ctrl:3000'", `'${target}'`)
    .replace('/etc/prometheus/clusterhat-read-token', tokenFile)
    .replace('scrape_interval: 15s', 'scrape_interval: 1s');
  for (const one of [target, tokenFile, '1s']) {
    if (!made.includes(one)) throw new Error(`deploy/prometheus.yml has no place for ${one}`);
  }
  return made;
}

/** promtool's output, and whether it passed; throws where it is not installed. */
export function promtool(args: readonly string[], input = ''): { ok: boolean; output: string } {
  const { status, stdout, stderr, error } = spawnSync('promtool', args, {
    input,
    encoding: 'utf8',
  });
  if (error) throw error;
  return { ok: status === 0, output: `${stdout}${stderr}` };
}

const querySchema = z.object({
  status: z.string(),
  error: z.optional(z.string()),
  data: z.optional(z.object({ result: z.optional(z.array(z.unknown())) })),
});
const targetsSchema = z.object({
  data: z.object({
    activeTargets: z.array(z.object({ health: z.string(), lastError: z.string() })),
  }),
});

/** Starts Prometheus in `folder` with this configuration; resolves when it is ready. */
export async function startPrometheus(folder: string, config: string): Promise<Prometheus> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const file = join(folder, 'prometheus.yml');
  const data = join(folder, 'data');
  mkdirSync(data);
  writeFileSync(file, config);
  const flags = [
    `--config.file=${file}`,
    `--storage.tsdb.path=${data}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--log.level=warn',
  ];
  const child = spawn('prometheus', flags, { stdio: ['ignore', 'inherit', 'inherit'] });
  await once(child, 'spawn');
  const ready = () =>
    fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await ready())) {
    if (child.exitCode !== null) throw new Error(`prometheus ended with ${child.exitCode}`);
    await new Promise((retry) => setTimeout(retry, 100));
  }
  return {
    async series(query) {
      const answer = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(query)}`);
      const { status, error, data: found } = querySchema.parse(await answer.json());
      if (status !== 'success') throw new Error(`${query}: ${error}`);
      return found?.result?.length ?? 0;
    },
    async target() {
      const answer = await fetch(`${url}/api/v1/targets`);
      const [target] = targetsSchema.parse(await answer.json()).data.activeTargets;
      return target?.lastError || target?.health || 'none';
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import * as z from 'zod';
import { runSchema } from '@/lib/curl/run-schemas';
import { gapSchema, timelineEntrySchema } from '@/lib/swarm/timeline-schemas';
import { type SwarmView, swarmViewSchema } from '@/lib/swarm/view';
import { importNode, importRegistry } from '../../lab/base-images';
import { dockerArgs } from '../../lab/docker';
import { type Finished, tryRun, until } from '../../lab/exec';
import { importGoImage } from '../../lab/go-image';
import type { NodeName } from '../../lab/layout';
import { runCommand } from './support';

/** Shared by the three ways onto the controller: the release, the base images, the page. */

const ROOT = join(import.meta.dirname, '..', '..');

const packageSchema = z.object({ version: z.string() });

/** The release's version. */
export const RELEASE_VERSION = packageSchema.parse(
  JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')),
).version;

/** A folder with only the release, as on a machine it was just copied to. */
export async function releaseFolder(): Promise<{ path: string; remove: () => void }> {
  const built = await runCommand(process.execPath, [join('scripts', 'release.mjs')]);
  if (built.code !== 0) throw new Error(`no release: ${built.stdout}${built.stderr}`);
  const path = mkdtempSync(join(tmpdir(), 'clusterhat-controller-'));
  const tarball = join(ROOT, 'dist', `clusterhat-swarm-${RELEASE_VERSION}.tgz`);
  copyFileSync(tarball, join(path, basename(tarball)));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/**
 * Loads the public images of the documented commands into an engine, which cannot pull here, and
 * removes what those commands have created before.
 */
export async function importBases(node: NodeName): Promise<void> {
  const made = [`clusterhat-dashboard:${RELEASE_VERSION}`, '127.0.0.1:5000/goweb:1.0'];
  await tryRun('env', dockerArgs(node, ['rmi', '--force', ...made]));
  await tryRun('env', dockerArgs(node, ['volume', 'rm', '--force', 'registry_images']));
  const secrets = await tryRun('env', dockerArgs(node, ['secret', 'ls', '--quiet']));
  for (const id of secrets.stdout.split('\n').filter(Boolean)) {
    await tryRun('env', dockerArgs(node, ['secret', 'rm', id]));
  }
  await importNode(node, 'node:22-slim');
  await importGoImage(node, 'golang:alpine');
  await importRegistry(node, 'registry:2');
}

/** Runs a script and returns its output; throws with all of it unless it succeeds. */
export function succeeded(done: Finished): string {
  if (done.code !== 0) throw new Error(`exit ${done.code}\n${done.stdout}${done.stderr}`);
  return done.stdout;
}

/** The generated password, from the output of the documented commands. */
export function passwordIn(printed: string): string {
  const password = /^The dashboard's password: (\S+)$/m.exec(printed)?.[1];
  if (password === undefined) throw new Error(`no password in ${printed}`);
  return password;
}

const answerSchema = z.object({ view: swarmViewSchema });
const historySchema = z.object({
  entries: z.array(timelineEntrySchema),
  gaps: z.array(gapSchema),
});
type History = z.infer<typeof historySchema>;

/** A dashboard as a browser or a program on the network sees it. */
export class Page {
  constructor(readonly origin: string) {}

  /** Waits until the page itself is served. */
  async open(): Promise<string> {
    return until(
      `the page at ${this.origin}`,
      async () => {
        const response = await fetch(this.origin).catch(() => undefined);
        return response?.ok === true ? response.text() : undefined;
      },
      { withinMs: 270_000, everyMs: 250 },
    );
  }

  /** Waits until the swarm looks as wanted. */
  async viewWhen(what: string, satisfied: (view: SwarmView) => boolean): Promise<SwarmView> {
    return until(
      what,
      async () => {
        const response = await fetch(`${this.origin}/api/swarm`).catch(() => undefined);
        if (response?.ok !== true) return undefined;
        const { view } = answerSchema.parse(await response.json());
        return satisfied(view) ? view : undefined;
      },
      { withinMs: 270_000, everyMs: 250 },
    );
  }

  /** What happened, as the timeline has it, and when nothing was recorded. */
  async history(): Promise<History> {
    const response = await fetch(`${this.origin}/api/timeline?from=0`);
    return historySchema.parse(await response.json());
  }

  /** The response to a change with this password. */
  async scale(service: string, replicas: number, password: string): Promise<number> {
    const response = await fetch(`${this.origin}/api/services/${service}/scale`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...signedIn(password) },
      body: JSON.stringify({ replicas }),
    });
    return response.status;
  }

  /** Sends requests from the page to a service through ctrl and returns the tasks that responded. */
  async tasksThatAnswer(service: string, password: string): Promise<(string | null)[]> {
    const asked = { service, publishedPort: 8888, entryNode: 'ctrl', rate: 10, seconds: 2 };
    const started = await fetch(`${this.origin}/api/runs`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...signedIn(password) },
      body: JSON.stringify(asked),
    });
    const text = await started.text();
    if (started.status !== 201) throw new Error(`${started.status} ${text}`);
    const { id } = runSchema.parse(JSON.parse(text));
    const run = await until('the run to end', async () => {
      const seen = runSchema.parse(await (await fetch(`${this.origin}/api/runs/${id}`)).json());
      return seen.state === 'ended' ? seen : undefined;
    });
    if (run.failed > 0) throw new Error(`${run.failed} of ${run.sent} requests failed`);
    return run.shares.flatMap(({ answers, taskId }) => (answers > 0 ? [taskId] : []));
  }
}

/** The final state of every way onto the controller. */
export interface Installed {
  html: string;
  view: SwarmView;
  /** The tasks that answered requests. */
  tasks: ReadonlySet<string | null>;
}

/** Waits until the page is open, three tasks run and each of them answers. */
export async function installed(page: Page, service: string, password: string): Promise<Installed> {
  const html = await page.open();
  const view = await page.viewWhen('three running tasks', ({ services }) =>
    services.some(({ name, running }) => name === service && running === 3),
  );
  // The mesh learns of a task shortly after the manager.
  const tasks = await until(
    'three containers to answer',
    async () => {
      const seen = await page.tasksThatAnswer(service, password);
      return new Set(seen).size === 3 ? seen : undefined;
    },
    { withinMs: 180_000 },
  );
  return { html, view, tasks: new Set(tasks) };
}

function signedIn(password: string): Record<string, string> {
  return { Authorization: `Basic ${btoa(`:${password}`)}` };
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { until } from './exec';
import { addressesOf, DATA_DIR, LAN_NETNS, REGISTRY_PORT, RUN_DIR } from './layout';
import { startDetached } from './nodes';
import type { ProcessId } from './processes';

/**
 * Starts the registry on the bridge's address. The engines use it as their mirror, so every node
 * pulls an image pushed there by its plain name and digest, as from Docker Hub.
 */
export function startRegistry(prefix: string): ProcessId {
  const storage = join(DATA_DIR, 'registry');
  const config = join(RUN_DIR, 'registry.yml');
  mkdirSync(storage, { recursive: true });
  writeFileSync(
    config,
    [
      'version: 0.1',
      'log: { level: warn }',
      `storage: { filesystem: { rootdirectory: ${storage} } }`,
      `http: { addr: "${addressesOf(prefix).registry}:${REGISTRY_PORT}", secret: clusterhat-lab }`,
      '',
    ].join('\n'),
  );
  return startDetached(
    'nsenter',
    [`--net=/run/netns/${LAN_NETNS}`, '--', 'docker-registry', 'serve', config],
    join(RUN_DIR, 'registry.log'),
  );
}

/** Waits until the registry responds. */
export async function registryReady(prefix: string): Promise<void> {
  const { registry } = addressesOf(prefix);
  await until('the registry', () => answers(`http://${registry}:${REGISTRY_PORT}/v2/`));
}

function answers(url: string): Promise<true | undefined> {
  return new Promise((resolve) => {
    const sent = request(url, { agent: false, timeout: 1_000 }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200 ? true : undefined);
    });
    sent.on('timeout', () => sent.destroy());
    sent.on('error', () => resolve(undefined));
    sent.end();
  });
}

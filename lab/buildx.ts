import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { debianRoot } from './debian-root';
import { CACHE_DIR } from './layout';

/** Returns a folder for DOCKER_CONFIG that contains buildx; trixie is the first Debian with it. */
export async function buildxConfig(): Promise<string> {
  const root = await debianRoot({ suite: 'trixie', packages: ['docker-buildx'] });
  const config = join(CACHE_DIR, 'buildx');
  mkdirSync(join(config, 'cli-plugins'), { recursive: true });
  const plugin = 'cli-plugins/docker-buildx';
  copyFileSync(join(root, 'usr/libexec/docker', plugin), join(config, plugin));
  return config;
}

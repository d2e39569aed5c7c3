import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { debianRoot } from './debian-root';
import { CACHE_DIR } from './layout';

/** Gives a folder for DOCKER_CONFIG with buildx in it: trixie is the first Debian that has it. */
export async function buildxConfig(): Promise<string> {
  const root = await debianRoot({ suite: 'trixie', packages: ['docker-buildx'] });
  const config = join(CACHE_DIR, 'buildx');
  mkdirSync(join(config, 'cli-plugins'), { recursive: true });
  const plugin = 'cli-plugins/docker-buildx';
  copyFileSync(join(root, 'usr/libexec/docker', plugin), join(config, plugin));
  return config;
}

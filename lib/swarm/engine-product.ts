import type { EngineInfo } from './engine-json';

/** Programs that answer as an engine, as far as they differ in their swarms. */
export type Product = 'docker' | 'docker-desktop' | 'rootless' | 'windows' | 'balena' | 'podman';

/** Which one returned this `/info`. */
export function productOf(info: Omit<EngineInfo, 'Swarm'>): Product {
  if (info.BuildahVersion !== '') return 'podman';
  if (/balena/i.test(`${info.OperatingSystem} ${info.InitBinary}`)) return 'balena';
  if (info.OperatingSystem === 'Docker Desktop') return 'docker-desktop';
  if (info.OSType === 'windows') return 'windows';
  const isRootless = info.SecurityOptions.some((option) => /^(name=)?rootless\b/.test(option));
  return isRootless ? 'rootless' : 'docker';
}

/** Whether this program can be in a swarm. */
export function hasSwarms(product: Product): boolean {
  return product !== 'podman' && product !== 'balena';
}

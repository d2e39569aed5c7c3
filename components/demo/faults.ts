import type { DemoState } from '@/lib/api';

/** Seconds that an answer takes of the engine that was slowed down. */
export const SLOW_S = 4;

/** What a fill makes of the swarm, in all. */
export const FILL = { nodes: 500, tasks: 5000 } as const;

const ANSWERS: Record<string, string> = {
  'error-500': 'the engine answers 500',
  'error-503': 'the engine answers 503',
  'half-json': 'the engine breaks off its answers',
  'swarm-silent': 'the engine answers nothing about its swarm',
  nothing: 'the engine answers nothing',
};

/** Which faults are on, each in a few words; empty when all is as it should be. */
export function faultsOn(state: DemoState): string[] {
  const { engine, nodes, images, filled } = state;
  const on: string[] = [];
  if (!engine.running) on.push('the engine is stopped');
  if (engine.latencyMs > 0) on.push(`the engine takes ${engine.latencyMs / 1000} s to answer`);
  if (engine.answer !== 'normal') on.push(ANSWERS[engine.answer] ?? engine.answer);
  if (engine.role === 'no-quorum') on.push('the manager has no quorum');
  else if (engine.role !== 'manager') on.push(`the engine is ${engine.role}`);
  for (const { name, power, link, clockSkewMs } of nodes) {
    if (!power) on.push(`${name} has no power`);
    else if (!link) on.push(`${name} is cut off`);
    const seconds = Math.abs(clockSkewMs) / 1000;
    if (seconds > 0)
      on.push(`${name}'s clock is ${seconds} s ${clockSkewMs > 0 ? 'ahead' : 'behind'}`);
  }
  for (const { image } of images) on.push(`${image} fails`);
  if (filled) on.push(`the swarm is filled up`);
  return on;
}

/** Published ports that nobody can reach, each with the machine's reason: `80 (EACCES)`. */
export function portsRefused({ refusedPorts }: DemoState): string[] {
  const ports = Object.entries(refusedPorts).map(
    ([place, reason]) => `${place.replace(/^.*:/, '')} (${reason})`,
  );
  return [...new Set(ports)];
}

/** The images that a menu offers to break: those in use, and one to update to. */
export function imagesOf(services: readonly { image: string }[]): string[] {
  return [...new Set([...services.map(({ image }) => image), 'carmeloc/goweb:1.1'])].slice(0, 12);
}

import type { DemoState, EngineResponse } from '@/lib/demo-control';

/** Seconds by which the simulated delay slows each response of the engine. */
export const ENGINE_DELAY_S = 4;

/** Size of the simulated large swarm, in all. */
export const LARGE_SWARM = { nodes: 500, tasks: 5000 } as const;

/** How a container of a crashing image ends. */
export const SIMULATED_CRASH = { code: 1, afterMs: 500 } as const;

/** By the demo's `engine.answer`. */
const RESPONSE_FAULTS: Record<Exclude<EngineResponse, 'normal'>, string> = {
  'error-500': 'engine returns status 500',
  'error-503': 'engine returns status 503',
  'half-json': 'engine responses cut short',
  'swarm-silent': 'engine does not respond to swarm requests',
  nothing: 'engine does not respond',
};

/** The faults that are active in the demo, each in a few words. */
export function activeFaults({ engine, nodes, images, filled }: DemoState): string[] {
  return [
    ...engineFaults(engine),
    ...nodes.flatMap(nodeFaults),
    ...images.map(({ image }) => `${image} failing`),
    ...(filled ? ['large swarm'] : []),
  ];
}

function engineFaults({ running, latencyMs, answer, role }: DemoState['engine']): string[] {
  const faults: string[] = [];
  if (!running) faults.push('engine stopped');
  if (latencyMs > 0) faults.push(`engine responses delayed by ${latencyMs / 1000} s`);
  if (answer !== 'normal') faults.push(RESPONSE_FAULTS[answer]);
  if (role === 'no-quorum') faults.push('no quorum');
  else if (role !== 'manager') faults.push(`engine is ${role}`);
  return faults;
}

function nodeFaults({ name, power, link, clockSkewMs }: DemoState['nodes'][number]): string[] {
  const faults: string[] = [];
  if (!power) faults.push(`${name} powered off`);
  else if (!link) faults.push(`${name} disconnected`);
  const seconds = Math.abs(clockSkewMs) / 1000;
  if (seconds > 0) {
    faults.push(`${name} clock ${seconds} s ${clockSkewMs > 0 ? 'ahead' : 'behind'}`);
  }
  return faults;
}

/** Published ports that the demo could not open, each with the system's reason: `80 (EACCES)`. */
export function unopenedPorts({ refusedPorts }: DemoState): string[] {
  const ports = Object.entries(refusedPorts).map(
    ([place, reason]) => `${place.replace(/^.*:/, '')} (${reason})`,
  );
  return [...new Set(ports)];
}

/** The images that can be made to fail: those in use, and the one that the docs update to. */
export function imagesOf(services: readonly { image: string }[]): string[] {
  return [...new Set([...services.map(({ image }) => image), 'carmeloc/goweb:1.1'])].slice(0, 12);
}

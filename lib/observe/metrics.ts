import heap from 'prom-client/lib/metrics/heapSizeAndUsed.js';
import memory from 'prom-client/lib/metrics/osMemoryHeap.js';
import maxDescriptors from 'prom-client/lib/metrics/processMaxFileDescriptors.js';
import descriptors from 'prom-client/lib/metrics/processOpenFileDescriptors.js';
import startTime from 'prom-client/lib/metrics/processStartTime.js';
import nodeVersion from 'prom-client/lib/metrics/version.js';
import Registry from 'prom-client/lib/registry.js';
import { countedFamilies } from './counted-families';
import type { Family } from './family';
import { swarmFamilies, type ViewSource } from './swarm-families';

/**
 * prom-client's default metrics without those that cost between scrapes: the event loop's delay (a
 * permanent timer of 10 ms) and garbage collections (an observer called at each); and without its counts
 * of handles, whose names Prometheus' own rules refuse.
 */
const PROCESS_METRICS = [heap, memory, maxDescriptors, descriptors, startTime, nodeVersion];

const TYPE = 'application/openmetrics-text';

export type { ViewSource } from './swarm-families';

/** All metrics as one text. */
export interface Exposition {
  contentType: string;
  text: string;
}

/** Returns a function that renders all metrics in the format that an `Accept` header prefers. */
export function createMetrics(
  source: ViewSource,
  version: string,
): (accept: string) => Promise<Exposition> {
  // A registry of OpenMetrics renames its counters, so each format has its own.
  const registryOf = (contentType: string) => {
    const registry = new Registry(contentType);
    for (const family of [...swarmFamilies(source), ...countedFamilies(version)]) {
      registry.registerMetric(asMetric(family));
    }
    for (const collect of PROCESS_METRICS) collect(registry);
    return registry;
  };
  const plain = registryOf(Registry.PROMETHEUS_CONTENT_TYPE);
  const open = registryOf(Registry.OPENMETRICS_CONTENT_TYPE);
  return async (accept) => {
    const registry = wantsOpenMetrics(accept) ? open : plain;
    return { contentType: registry.contentType, text: await registry.metrics() };
  };
}

/** A family as prom-client's registry reads its metrics. */
function asMetric({ name, help, type, read }: Family) {
  return {
    name,
    type,
    get() {
      return Promise.resolve({ name: this.name, help, type, values: read() });
    },
  };
}

/** Whether an Accept header prefers OpenMetrics 1.0.0 to the plain text format (RFC 9110, 12.5.1). */
export function wantsOpenMetrics(accept: string): boolean {
  let open = 0;
  let plain = 0;
  for (const range of accept.split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const valueOf = (name: string) =>
      parameters.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1);
    const quality = Number(valueOf('q') ?? 1) || 0;
    if (type === TYPE && (valueOf('version') ?? '1.0.0') === '1.0.0') {
      open = Math.max(open, quality);
    }
    if (type === 'text/plain') plain = Math.max(plain, quality);
  }
  return open > 0 && open >= plain;
}

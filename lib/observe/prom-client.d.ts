/**
 * The parts of prom-client that `/metrics` needs, by file: its index would load OpenTelemetry, a digest
 * for quantiles and the cluster module too.
 */
declare module 'prom-client/lib/registry.js' {
  interface Metric {
    name: string;
    get(): Promise<unknown>;
  }
  export default class Registry {
    static readonly PROMETHEUS_CONTENT_TYPE: string;
    static readonly OPENMETRICS_CONTENT_TYPE: string;
    constructor(contentType: string);
    readonly contentType: string;
    registerMetric(metric: Metric): void;
    metrics(): Promise<string>;
  }
}
declare module 'prom-client/lib/metrics/*.js' {
  import type Registry from 'prom-client/lib/registry.js';
  export default function collect(registry: Registry): void;
}

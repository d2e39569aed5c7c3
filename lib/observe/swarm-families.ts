import { isCountUnknown } from '../swarm/replicas';
import type { NodeView, ServiceView, SwarmView } from '../swarm/view';
import { cutLabel } from './counters';
import { gauge, single, type Family, type Sample } from './family';

/** What the families read at a scrape. */
export interface ViewSource {
  view(): SwarmView | null;
  /** Age of the view in ms; null before the first. */
  ageMs(): number | null;
  /** Whether the last read of the engine succeeded. */
  engineAnswers(): boolean;
  /** Open live streams. */
  streams(): number;
  /** Whether a run is active. */
  running(): boolean;
}

/** Maximum services with their own series; `clusterhat_services` counts all. */
const MAX_SERVICES = 200;

const STATES = ['ready', 'down', 'disconnected', 'unknown'] satisfies NodeView['state'][];
const AVAILABILITIES = ['active', 'pause', 'drain'] satisfies NodeView['availability'][];

/** Gauges of the swarm and of the dashboard's view of it. */
export function swarmFamilies(source: ViewSource): Family[] {
  const ofServices = (read: (service: ServiceView) => number | null) => (): Sample[] =>
    (source.view()?.services ?? []).slice(0, MAX_SERVICES).flatMap((service) => {
      const value = service.listed ? read(service) : null;
      return value === null ? [] : [{ labels: { service: cutLabel(service.name) }, value }];
    });
  const age = () => {
    const ms = source.ageMs();
    return ms === null ? null : ms / 1000;
  };
  return [
    gauge('clusterhat_nodes', 'Nodes by state and availability.', () => nodes(source.view())),
    gauge('clusterhat_services', 'Services of the swarm.', () => single(services(source.view()))),
    gauge(
      'clusterhat_service_replicas_desired',
      'Tasks that a service should have: its replicas, or for a global service the nodes that should run one.',
      ofServices((service) => (isCountUnknown(service) ? null : service.wanted)),
    ),
    gauge(
      'clusterhat_service_replicas_running',
      'Tasks of a service that count as running; tasks on nodes that are down do not.',
      ofServices(({ running }) => running),
    ),
    gauge('clusterhat_picture_age_seconds', 'Age of the last complete view of the swarm.', () =>
      single(age()),
    ),
    gauge(
      'clusterhat_engine_up',
      'Whether the last read of the engine succeeded: 1 or 0. At 0 the metrics of nodes and services are those of the last view.',
      () => single(Number(source.engineAnswers())),
    ),
    gauge(
      'clusterhat_live_streams',
      'Open live streams: one per browser, whose tabs share it.',
      () => single(source.streams()),
    ),
    gauge('clusterhat_run_active', 'Whether a run of the curl panel is active: 1 or 0.', () =>
      single(Number(source.running())),
    ),
  ];
}

/** Every combination, zeros included, so that a series does not vanish when its count is 0. */
function nodes(view: SwarmView | null): Sample[] {
  if (view === null || view.refused.reads.includes('NODES')) return [];
  const none = STATES.flatMap((state) =>
    AVAILABILITIES.map((availability) => ({ labels: { state, availability }, value: 0 })),
  );
  const each = view.nodes.map(({ state, availability }) => ({
    labels: { state, availability },
    value: 1,
  }));
  return [...none, ...each];
}

/** Null while the list is refused. */
function services(view: SwarmView | null): number | null {
  return view === null || view.refused.reads.includes('SERVICES') ? null : view.services.length;
}

import { expectedTasks } from './replicas';
import type { Count, SwarmView } from './view';

/** The header's numbers of nodes, services and running tasks; what is refused is unknown and has none. */
export function countsOf({
  nodes,
  services,
  refused: { reads },
}: Pick<SwarmView, 'nodes' | 'services' | 'refused'>): Count[] {
  const unknown = (value: string): Count => ({ tone: null, value, label: 'unknown' });
  const ready = nodes.filter(({ state }) => state === 'ready').length;
  const many = services.length === 1 ? 'service' : 'services';
  return [
    reads.includes('NODES')
      ? unknown('Nodes')
      : {
          tone: toneOf(ready, nodes.length, 'bad'),
          value: `${ready}/${nodes.length}`,
          label: 'nodes ready',
        },
    reads.includes('SERVICES')
      ? unknown('Services')
      : { tone: null, value: String(services.length), label: many },
    reads.includes('TASKS')
      ? unknown('Tasks')
      : runningTasks(services, !reads.includes('SERVICES')),
  ];
}

function runningTasks(services: SwarmView['services'], isWantedKnown: boolean): Count {
  const running = services.reduce((sum, service) => sum + (service.running ?? 0), 0);
  const label = 'tasks running';
  if (!isWantedKnown) return { tone: null, value: String(running), label };
  const wanted = services.reduce((sum, service) => sum + (expectedTasks(service) ?? 0), 0);
  return { tone: toneOf(running, wanted, 'warn'), value: `${running}/${wanted}`, label };
}

/** All of them are well; but none of none is no success. */
function toneOf(count: number, all: number, otherwise: 'warn' | 'bad'): Count['tone'] {
  if (count !== all) return otherwise;
  return all === 0 ? 'off' : 'ok';
}

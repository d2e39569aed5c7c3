import type { SwimlaneChart } from './build-chart';

/** Text alternative of the chart. */
export function chartSummary({ lanes }: SwimlaneChart, from: string, to: string): string {
  const bars = lanes.flatMap((lane) => lane.bars);
  const tasks = bars.reduce((sum, { count }) => sum + count, 0);
  const failed = bars.filter(({ end }) => end === 'failed').length;
  const unknown = bars.filter(({ span }) => span.end === 'lost').length;
  const counts = [
    `${tasks} in total`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(unknown > 0 ? [`${unknown} in unknown state`] : []),
  ];
  const byNode = lanes.map((lane) => `${lane.name} ${lane.bars.length}`).join(', ');
  return `Tasks by node from ${from} to ${to}: ${byNode}; ${counts.join(', ')}. The list below has the details.`;
}

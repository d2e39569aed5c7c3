'use client';

import type { SwarmView } from '@/lib/swarm/view';
import { serverNow } from '@/lib/client/clock';
import type { TimelineHistory } from '@/lib/client/cache';
import { Select } from '../ui/Field';
import { Segmented } from '../ui/Segmented';
import { timeTravel, useTimelinePosition } from './time-travel';
import { ZOOMS } from './time-window';
import type { TimelineFilter } from './timeline-filter';

const ZOOM_LABELS = ['5 min', '1 h', '6 h', '24 h'];

export function TimelineFilters({
  filter,
  view,
  timeline,
  onChange,
}: {
  filter: TimelineFilter;
  view: SwarmView;
  timeline: TimelineHistory;
  onChange: (filter: TimelineFilter) => void;
}) {
  const { zoom } = useTimelinePosition();
  const problems = timeline.entries.filter((entry) => entry.bad).length;
  return (
    <div className="mb-3 flex flex-wrap items-center gap-x-4 gap-y-2 text-xs">
      <Segmented
        label="Time range"
        choices={ZOOMS.map((value, index) => ({ value, label: ZOOM_LABELS[index] }))}
        value={zoom}
        onChange={(value) => timeTravel.setZoom(value, serverNow())}
      />
      <IdSelect
        label="Node"
        all="All nodes"
        value={filter.nodeId}
        options={nodeOptions(view, timeline)}
        onChange={(nodeId) => onChange({ ...filter, nodeId })}
      />
      <IdSelect
        label="Service"
        all="All services"
        value={filter.serviceId}
        options={view.services}
        onChange={(serviceId) => onChange({ ...filter, serviceId })}
      />
      <label className="flex min-h-8 items-center gap-1.5 touch:min-h-11">
        <input
          type="checkbox"
          checked={filter.problemsOnly}
          onChange={(event) => onChange({ ...filter, problemsOnly: event.target.checked })}
        />
        Problems only <span className="text-dim">({problems})</span>
      </label>
    </div>
  );
}

/** The nodes of the swarm, then those that have left it. */
function nodeOptions({ nodes, goneNodes }: SwarmView, { spans }: TimelineHistory) {
  const names = new Map(spans.map(({ nodeId, node }) => [nodeId, node]));
  for (const { id, name } of goneNodes) names.set(id, name);
  for (const { id } of nodes) names.delete(id);
  return [...nodes, ...[...names].map(([id, name]) => ({ id, name: `${name} (left)` }))];
}

function IdSelect({
  label,
  all,
  value,
  options,
  onChange,
}: {
  label: string;
  /** Label of the option that selects none of them. */
  all: string;
  value: string | null;
  options: readonly { id: string; name: string }[];
  onChange: (id: string | null) => void;
}) {
  return (
    <Select
      className="max-w-48"
      aria-label={label}
      value={value ?? ''}
      onChange={(event) => onChange(event.target.value || null)}
    >
      <option value="">{all}</option>
      {options.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </Select>
  );
}

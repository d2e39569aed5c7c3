'use client';

import type { ReactNode } from 'react';
import type { SwarmView } from '@/lib/swarm/view';
import { Segmented } from '../ui/Segmented';
import { serverNow } from '@/lib/client/clock';
import type { TimelineHistory } from '@/lib/client/cache';
import type { TimelineFilter } from './list';
import { moments, useMoment } from './time-travel';
import { ZOOMS } from './window';
import { Select } from '../ui/Field';

const LABELS = ['5 min', '15 min', '1 h'];

/** How far back, and whose story. */
export function Filters({
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
  const { zoom } = useMoment();
  const bad = timeline.entries.filter((entry) => entry.bad).length;
  return (
    <div className="mb-3 flex flex-wrap items-center gap-x-4 gap-y-2 text-xs">
      <Segmented
        label="How far back"
        choices={ZOOMS.map((value, at) => ({ value, label: LABELS[at] }))}
        value={zoom}
        onChange={(value) => moments.setZoom(value, serverNow())}
      />
      <Choice
        label="node"
        all="all nodes"
        value={filter.nodeId}
        from={view.nodes}
        onChange={(nodeId) => onChange({ ...filter, nodeId })}
      />
      <Choice
        label="service"
        all="all services"
        value={filter.serviceId}
        from={view.services}
        onChange={(serviceId) => onChange({ ...filter, serviceId })}
      />
      <label className="flex min-h-8 items-center gap-1.5">
        <input
          type="checkbox"
          checked={filter.bad}
          onChange={(event) => onChange({ ...filter, bad: event.target.checked })}
        />
        bad news only <span className="text-dim">({bad})</span>
      </label>
    </div>
  );
}

function Choice({
  label,
  all,
  value,
  from,
  onChange,
}: {
  label: string;
  all: ReactNode;
  value: string | null;
  from: readonly { id: string; name: string }[];
  onChange: (id: string | null) => void;
}) {
  return (
    <Select
      className="max-w-48"
      aria-label={`Only one ${label}`}
      value={value ?? ''}
      onChange={(event) => onChange(event.target.value || null)}
    >
      <option value="">{all}</option>
      {from.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </Select>
  );
}

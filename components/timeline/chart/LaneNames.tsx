import { nodeCondition } from '../../board/node-words';
import { Led } from '../../ui/Led';
import type { Lane } from './lane';
import { AXIS_HEIGHT, type LaneBox } from './lane-layout';

/** The nodes' names beside their lanes. */
export function LaneNames({ lanes, boxes }: { lanes: readonly Lane[]; boxes: readonly LaneBox[] }) {
  return (
    <ul
      className="max-w-15.5 font-mono text-[11px] leading-[1.2] sm:max-w-32.5 sm:text-[12px]"
      style={{ paddingTop: AXIS_HEIGHT }}
      aria-hidden
    >
      {lanes.map((lane, index) => (
        <LaneName key={lane.nodeId} lane={lane} height={boxes[index]?.height ?? 0} />
      ))}
    </ul>
  );
}

function LaneName({ lane: { node, name, hidden }, height }: { lane: Lane; height: number }) {
  const tone = node ? nodeCondition(node).tone : 'off';
  return (
    <li
      className="flex items-center gap-1.5 border-t border-line"
      style={{ height }}
      title={node ? name : `${name}: no longer in the swarm`}
    >
      <span className="flex max-sm:hidden">
        <Led tone={tone} />
      </span>
      <span className="truncate">{name}</span>
      {hidden > 0 && (
        <span className="text-dim" title={`${hidden} more not shown for lack of space`}>
          +{hidden}
        </span>
      )}
    </li>
  );
}

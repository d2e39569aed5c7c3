import { nodeCondition } from '../../board/node-words';
import { Led } from '../../ui/Led';
import styles from '../timeline.module.css';
import type { Lane } from './lane';
import { AXIS_HEIGHT, type LaneBox } from './lane-layout';

/** The nodes' names beside their lanes. */
export function LaneNames({ lanes, boxes }: { lanes: readonly Lane[]; boxes: readonly LaneBox[] }) {
  return (
    <ul className={styles.names} style={{ paddingTop: AXIS_HEIGHT }} aria-hidden>
      {lanes.map((lane, index) => (
        <LaneName key={lane.nodeId} lane={lane} height={boxes[index]?.height ?? 0} />
      ))}
    </ul>
  );
}

function LaneName({ lane: { node, name, hidden }, height }: { lane: Lane; height: number }) {
  const tone = node ? nodeCondition(node).tone : 'off';
  return (
    <li style={{ height }} title={node ? name : `${name}: no longer in the swarm`}>
      <Led tone={tone} />
      <span className="truncate">{name}</span>
      {hidden > 0 && (
        <span className="text-dim" title={`${hidden} more not shown for lack of space`}>
          +{hidden}
        </span>
      )}
    </li>
  );
}

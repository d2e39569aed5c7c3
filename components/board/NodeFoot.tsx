'use client';

import { clockTime } from '@/lib/swarm/duration';
import type { NodeView } from '@/lib/swarm/view';
import { Help } from '../ui/Help';
import { Prose } from '../ui/Prose';
import { NodeAnswers } from './NodeAnswers';

/** The part of a node's card below its tasks: services that swarm places elsewhere, and its share of a run. */
export function NodeFoot({ node }: { node: NodeView }) {
  return (
    <>
      {node.avoided.map(({ service, text, until }) => (
        <p key={service} className="text-xs wrap-anywhere text-warn" data-avoided={service}>
          Until {clockTime(until)} <Prose text={text} />{' '}
          <Help id="avoided-node" about={`swarm avoids ${node.name} for ${service}`} />
        </p>
      ))}
      <NodeAnswers nodeId={node.id} />
    </>
  );
}

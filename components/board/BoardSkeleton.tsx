import { Skeleton } from '../ui/Skeleton';
import { Hat, Place, Places } from './Hat';

const PORTS = [null, 'P1', 'P2', 'P3', 'P4'];

/** The board before the first data, as large as it will be, so that nothing moves. */
export function BoardSkeleton() {
  return (
    <Hat busy>
      <p className="sr-only">Waiting for the first data of the swarm.</p>
      <Places count={PORTS.length}>
        {PORTS.map((port) => (
          <Place key={port} port={port}>
            <div aria-hidden className="node-card">
              {['h-5 w-20', 'h-3', 'h-3 w-2/3', 'h-12 wide:h-42', 'h-5'].map((size) => (
                <Skeleton key={size} className={size} />
              ))}
            </div>
          </Place>
        ))}
      </Places>
    </Hat>
  );
}

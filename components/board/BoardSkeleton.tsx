import { Skeleton } from '../ui/Skeleton';

/** The HAT's places before the first picture, as large as they will be, so that nothing jumps. */
export function BoardSkeleton() {
  return (
    <div className="hat" aria-busy="true">
      <h2 className="silk hat-name">ClusterHAT</h2>
      <p className="sr-only">Waiting for the first picture of the swarm.</p>
      <div aria-hidden className="places">
        {['GPIO', 'P1', 'P2', 'P3', 'P4'].map((port) => (
          <div key={port} className="place">
            <span className="silk port">{port}</span>
            <div className="node">
              {['h-5 w-20', 'h-3', 'h-3 w-2/3', 'h-12'].map((size) => (
                <Skeleton key={size} className={size} />
              ))}
            </div>
          </div>
        ))}
      </div>
    </div>
  );
}

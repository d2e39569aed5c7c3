/** The HAT's places before the first picture, as large as they will be, so that nothing jumps. */
export function BoardSkeleton() {
  return (
    <div className="board" aria-busy="true">
      <div className="hat">
        <h2 className="silk hat-name">ClusterHAT</h2>
        <p className="sr-only">Waiting for the first picture of the swarm.</p>
        <div aria-hidden className="places">
          {['GPIO', 'P1', 'P2', 'P3', 'P4'].map((port) => (
            <div key={port} className="place">
              <span className="silk port">{port}</span>
              <div className="node">
                <div className="skeleton h-5 w-20" />
                <div className="skeleton h-3 w-full" />
                <div className="skeleton h-3 w-2/3" />
                <div className="skeleton mt-1 h-12 w-full" />
              </div>
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}

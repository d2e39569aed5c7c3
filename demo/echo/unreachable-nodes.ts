import type { DemoClock, Timer } from '../clock';

/** Delay after which the other nodes' mesh stops sending connections to a silent node, in ms. */
const EXCLUDE_AFTER_MS = 5000;

/** The nodes without power or network, and which of them the routing mesh already leaves out. */
export class UnreachableNodes {
  private readonly nodes = new Map<string, { excluded: boolean; timer: Timer }>();

  /** `onExcluded` is called when the mesh stops sending connections to a node. */
  constructor(
    private readonly clock: DemoClock,
    private readonly onExcluded: () => void,
  ) {}

  has(nodeId: string): boolean {
    return this.nodes.has(nodeId);
  }

  isExcluded(nodeId: string): boolean {
    return this.nodes.get(nodeId)?.excluded === true;
  }

  add(nodeId: string): void {
    if (this.nodes.has(nodeId)) return;
    const node = {
      excluded: false,
      timer: this.clock.after(EXCLUDE_AFTER_MS, () => {
        node.excluded = true;
        this.onExcluded();
      }),
    };
    this.nodes.set(nodeId, node);
  }

  remove(nodeId: string): void {
    this.clock.cancel(this.nodes.get(nodeId)?.timer);
    this.nodes.delete(nodeId);
  }
}

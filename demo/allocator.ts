import { AddressPool } from './ingress';
import type { ServiceRecord, Store, TaskRecord } from './store';
import type { Network, Port, DemoService, Task } from './types';

/** The range of ports that swarm assigns to services without a fixed published port. */
const DYNAMIC_PORTS = { first: 30_000, last: 32_767 };

/**
 * Assigns virtual addresses and ports to services, and addresses to tasks. A task becomes `pending`
 * once it has its address.
 */
export class Allocator {
  private readonly pool = new AddressPool();

  constructor(
    private readonly store: Store,
    private readonly ingress: Network,
  ) {
    store.onChange((change) => {
      if (change.kind === 'service') {
        if (change.action === 'remove') this.releaseService(change.record.api);
        else this.allocateService(change.record);
      }
      if (change.kind === 'task') {
        if (change.action === 'create') this.allocateTask(change.record);
        if (change.action === 'remove') this.releaseTask(change.record.api);
      }
    });
  }

  /** Updates `Endpoint` if it does not match the spec. Public for seeding. */
  allocateService(record: ServiceRecord): void {
    const { store } = this;
    const { Spec, Endpoint } = record.api;
    if (!store.services.has(record.api.ID)) return;
    if (Endpoint.Spec !== undefined && same(Endpoint.Spec, Spec.EndpointSpec ?? {})) return;
    store.updateService(record, (service) => {
      service.Endpoint = this.endpointFor(service);
    });
  }

  private endpointFor(service: DemoService): DemoService['Endpoint'] {
    const spec = service.Spec.EndpointSpec;
    const old = service.Endpoint;
    if (!spec) return { Spec: {} };
    const wanted = spec.Ports ?? [];
    const Ports = wanted.map((port) => this.publish(port, old.Ports ?? [], service.ID));
    const needsIngress = Ports.some((port) => port.PublishMode === 'ingress');
    const kept = old.VirtualIPs;
    if (!needsIngress) {
      for (const vip of kept ?? []) this.pool.release(vip.Addr);
      return Ports.length > 0 ? { Spec: spec, Ports } : { Spec: spec };
    }
    const Addr = kept?.[0]?.Addr ?? this.pool.take();
    const VirtualIPs = Addr === undefined ? [] : [{ NetworkID: this.ingress.ID, Addr }];
    return { Spec: spec, Ports, VirtualIPs };
  }

  private publish(port: Port, old: readonly Port[], serviceId: string): Port {
    if (port.PublishedPort || port.PublishMode === 'host') return port;
    const before = old.find(
      (other) => other.TargetPort === port.TargetPort && other.Protocol === port.Protocol,
    );
    const { PublishMode, ...rest } = port;
    const PublishedPort = before?.PublishedPort ?? this.freePort(port, serviceId);
    return { ...rest, PublishedPort, PublishMode };
  }

  private freePort(port: Port, serviceId: string): number {
    const taken = new Set<number>();
    for (const { api } of this.store.services.values()) {
      if (api.ID === serviceId) continue;
      for (const other of api.Endpoint.Ports ?? []) {
        if (other.Protocol === port.Protocol) taken.add(other.PublishedPort ?? 0);
      }
    }
    for (let free = DYNAMIC_PORTS.first; free <= DYNAMIC_PORTS.last; free += 1) {
      if (!taken.has(free)) return free;
    }
    return 0;
  }

  private allocateTask(record: TaskRecord): void {
    const { store } = this;
    // Tasks of a fill or of the initial services are created running.
    if (record.api.Status.State !== 'new') return;
    store.clock.after(store.random.between(4, 12), () => {
      if (record.api.Status.State !== 'new' || !store.tasks.has(record.api.ID)) return;
      store.updateTask(record, (task) => {
        this.attach(task, record);
        task.Status = {
          ...task.Status,
          Timestamp: store.stamp(),
          State: 'pending',
          Message: 'pending task scheduling',
        };
      });
    });
  }

  /** Assigns an ingress address to a task that publishes a port there. Public for seeding. */
  attach(task: Task, { endpointSpec }: Pick<TaskRecord, 'endpointSpec'>): void {
    const ingress = endpointSpec?.Ports?.some((port) => port.PublishMode === 'ingress');
    if (!ingress || task.NetworksAttachments) return;
    const address = this.pool.take();
    if (address === undefined) return;
    task.NetworksAttachments = [{ Network: this.ingress, Addresses: [address] }];
  }

  private releaseTask(task: Task): void {
    for (const attachment of task.NetworksAttachments ?? []) {
      for (const address of attachment.Addresses) this.pool.release(address);
    }
  }

  private releaseService(service: DemoService): void {
    for (const vip of service.Endpoint.VirtualIPs ?? []) this.pool.release(vip.Addr);
  }
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

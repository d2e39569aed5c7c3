import { hasEnded, isWanted, removeTasksOf } from './tasks';
import { isJob, modeOf } from '../mode';
import type { ServiceRecord, Store, StoreChange } from '../store';
import { reconcileGlobalJob } from './global-job';
import { reconcileReplicatedJob } from './replicated-job';
import type { RestartSupervisor } from './restart';

/**
 * Runs jobs: services whose tasks end by themselves (swarmkit's orchestrator/jobs). A job is
 * reconciled when it changes and when one of its tasks ends. Changes of nodes are ignored, so a
 * drained node keeps its running job tasks (measured on 20.10.24).
 */
export class JobOrchestrator {
  constructor(
    private readonly store: Store,
    private readonly restarts: RestartSupervisor,
    private readonly engine: { removesTasks: boolean },
  ) {
    store.onChange((change) => this.handle(change));
  }

  private handle(change: StoreChange): void {
    if (change.kind === 'service') {
      const service = change.record;
      if (!isJob(service.api.Spec)) return;
      if (change.action !== 'remove') return this.reconcile(service);
      this.restarts.forget(service.api.ID);
      // 20.10 leaves the tasks of a removed job as they are; newer engines remove them.
      if (this.engine.removesTasks) removeTasksOf(this.store, service.api.ID);
    }
    if (change.kind === 'task' && change.action === 'update') {
      const service = this.store.services.get(change.record.api.ServiceID);
      if (service && hasEnded(change.record) && isWanted(change.record)) this.reconcile(service);
    }
  }

  private reconcile(service: ServiceRecord): void {
    if (!this.store.services.has(service.api.ID)) return;
    const mode = modeOf(service.api.Spec);
    if (mode === 'replicated-job') reconcileReplicatedJob(this.store, this.restarts, service);
    if (mode === 'global-job') reconcileGlobalJob(this.store, this.restarts, service);
  }
}

import * as z from 'zod/mini';
import { DemoEngineError, rpcProblem } from './errors';
import type { Store } from './store';

const nullish = <T extends z.core.$ZodType>(schema: T) => z.optional(z.nullable(schema));
const count = z.int().check(z.minimum(0));

/** A swarm's own settings as they are posted; Go's zero values for what is left out. */
export const clusterSpecSchema = z.object({
  Name: z._default(z.string(), ''),
  Labels: nullish(z.record(z.string(), z.string())),
  Orchestration: nullish(z.object({ TaskHistoryRetentionLimit: nullish(count) })),
  Raft: nullish(z.looseObject({})),
  Dispatcher: nullish(z.looseObject({})),
  CAConfig: nullish(z.looseObject({})),
  TaskDefaults: nullish(z.looseObject({})),
  EncryptionConfig: nullish(z.object({ AutoLockManagers: z._default(z.boolean(), false) })),
});
type PostedSpec = z.output<typeof clusterSpecSchema>;

/** What nodes join with; each role has its own. */
export type TokenRole = 'worker' | 'manager';

/** The swarm's own settings and its join tokens, which have the right form but are valid for no swarm. */
export class SwarmSettings {
  #version = 10;
  #updatedAt: string;
  #tokens: Record<TokenRole, string> = {
    worker: 'worker'.padEnd(25, '0'),
    manager: 'manager'.padEnd(25, '0'),
  };
  #spec: object = specOf({
    Name: 'default',
    Orchestration: { TaskHistoryRetentionLimit: 5 },
    Raft: {
      SnapshotInterval: 10_000,
      KeepOldSnapshots: 0,
      LogEntriesForSlowFollowers: 500,
      ElectionTick: 10,
      HeartbeatTick: 1,
    },
    Dispatcher: { HeartbeatPeriod: 5_000_000_000 },
    CAConfig: { NodeCertExpiry: 7_776_000_000_000_000 },
  });

  constructor(
    private readonly store: Store,
    private readonly createdAt: string,
  ) {
    this.#updatedAt = createdAt;
  }

  /** As `/swarm` and `/info` begin. */
  get object() {
    return {
      Version: { Index: this.#version },
      CreatedAt: this.createdAt,
      UpdatedAt: this.#updatedAt,
      Spec: this.#spec,
    };
  }

  token(role: TokenRole): string {
    return `SWMTKN-1-${'0'.repeat(45)}demo-${this.#tokens[role]}`;
  }

  update(version: number, spec: PostedSpec, rotate: readonly TokenRole[]): void {
    if (spec.Name !== '' && spec.Name !== 'default') {
      throw new DemoEngineError(400, 'swarm spec must be named "default"');
    }
    if (version !== this.#version) throw rpcProblem('Unknown', 'update out of sequence');
    this.#spec = specOf({ ...spec, Name: 'default' });
    for (const role of rotate) this.#tokens[role] = this.store.random.id();
    this.#version = this.store.nextIndex();
    this.#updatedAt = this.store.stamp();
  }
}

function specOf({
  Name,
  Labels,
  Orchestration,
  Raft,
  Dispatcher,
  CAConfig,
  TaskDefaults,
  EncryptionConfig,
}: Partial<PostedSpec>): object {
  return {
    Name,
    Labels: Labels ?? {},
    Orchestration: { TaskHistoryRetentionLimit: Orchestration?.TaskHistoryRetentionLimit ?? 0 },
    Raft: { KeepOldSnapshots: 0, ElectionTick: 0, HeartbeatTick: 0, ...Raft },
    Dispatcher: Dispatcher ?? {},
    CAConfig: CAConfig ?? {},
    TaskDefaults: TaskDefaults ?? {},
    EncryptionConfig: EncryptionConfig ?? { AutoLockManagers: false },
  };
}

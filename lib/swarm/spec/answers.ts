import * as z from 'zod/mini';
import { createServiceSchema } from './form';
import { patchNodeSchema } from './node-form';

/** What the routes of services and nodes answer. */

const warnings = z.array(z.string());

/** What is known of an image in its registry. */
export const imageLookupSchema = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('found'),
    digest: z.string(),
    platforms: z.array(z.object({ architecture: z.string(), os: z.string(), variant: z.string() })),
  }),
  /** The registry has no such image. */
  z.object({ state: z.literal('missing'), reason: z.string() }),
  /** It could not be checked. */
  z.object({ state: z.literal('unknown'), reason: z.string() }),
]);

/** `POST /api/services` */
export const serviceCreatedSchema = z.object({
  service: z.string(),
  id: z.string(),
  image: imageLookupSchema,
  /** The engine's own. */
  warnings,
});
export type ServiceCreated = z.infer<typeof serviceCreatedSchema>;

/** `PATCH /api/services/{name}`, `…/restart`, `…/rollback` */
export const serviceChangedSchema = z.object({
  service: z.string(),
  id: z.string(),
  /** False if it already was as requested. */
  changed: z.boolean(),
  /** Null if the image was not changed. */
  image: z.nullable(imageLookupSchema),
  warnings,
});
export type ServiceChanged = z.infer<typeof serviceChangedSchema>;

/** `DELETE /api/services/{name}` */
export const serviceRemovedSchema = z.object({ service: z.string(), id: z.string() });

/** `PATCH /api/nodes/{name}` */
export const nodeChangedSchema = z.object({
  node: z.string(),
  id: z.string(),
  changed: z.boolean(),
  warnings,
});

/** `DELETE /api/nodes/{name}` */
export const nodeRemovedSchema = z.object({ node: z.string(), id: z.string() });

/** `POST /api/image-lookup` */
export const imageLookupRequestSchema = z.strictObject({ image: z.string() });

/** `POST /api/join-command`; without a body it is the worker's, as it is. */
export const joinRequestSchema = z.strictObject({
  role: z._default(z.enum(['worker', 'manager']), 'worker'),
  /** Makes the present token invalid, and a new one. */
  rotate: z._default(z.boolean(), false),
});

/** A check of a service before it is sent (checks.ts). */
const checkSchema = z.object({
  field: z.string(),
  state: z.enum(['ok', 'warning', 'unknown', 'refused']),
  text: z.string(),
});

/** A difference of two specs (difference.ts). */
const specDifferenceSchema = z.object({
  path: z.string(),
  label: z.string(),
  kind: z.enum(['added', 'removed', 'changed']),
  before: z.nullable(z.string()),
  after: z.nullable(z.string()),
  text: z.string(),
});
const differences = z.array(specDifferenceSchema);

const moveSchema = z.object({ task: z.string(), from: z.nullable(z.string()), to: z.string() });

/** What a change would do to tasks (previews.ts). */
const previewSchema = z.object({
  text: z.string(),
  moves: z.array(moveSchema),
  stops: z.array(z.string()),
  starts: z.array(moveSchema),
  waits: z.array(z.object({ task: z.string(), why: z.string() })),
  refused: z.nullable(z.string()),
});

/** What a change of a node would do to tasks (node-previews.ts). */
const nodePreviewSchema = z.extend(previewSchema, {
  summary: z.string(),
  warnings: z.array(z.string()),
  rebalance: z.array(z.object({ id: z.string(), service: z.string(), text: z.string() })),
});

const quorumSchema = z.object({
  managers: z.int(),
  reachable: z.int(),
  needed: z.int(),
  tolerated: z.int(),
});

/** What a change of role would leave (quorum.ts). */
const rolePreviewSchema = z.object({
  before: quorumSchema,
  after: quorumSchema,
  summary: z.string(),
  text: z.string(),
  warnings: z.array(z.string()),
  refused: z.nullable(z.string()),
});

/** The docker command that a change equals. */
const command = z.string();

/** `POST /api/services?dry-run` */
export const createDryRunSchema = z.object({
  command,
  image: imageLookupSchema,
  checks: z.array(checkSchema),
});
export type CreateDryRun = z.infer<typeof createDryRunSchema>;

/** `PATCH /api/services/{name}?dry-run` */
export const updateDryRunSchema = z.object({
  command,
  differences,
  /** What becomes of the tasks (effect.ts). */
  text: z.string(),
  image: z.nullable(imageLookupSchema),
  checks: z.array(checkSchema),
});
export type UpdateDryRun = z.infer<typeof updateDryRunSchema>;

/** `POST /api/services/{name}/restart?dry-run` */
export const restartDryRunSchema = z.object({ command, preview: z.nullable(previewSchema) });
export type RestartDryRun = z.infer<typeof restartDryRunSchema>;

/** `POST /api/services/{name}/rollback?dry-run`; null: there is nothing to roll back to. */
export const rollbackDryRunSchema = z.object({
  command,
  differences: z.nullable(differences),
  /** What becomes of the tasks; empty where there is nothing to roll back to. */
  text: z.string(),
});
export type RollbackDryRun = z.infer<typeof rollbackDryRunSchema>;

/** `DELETE /api/services/{name}?dry-run`; `tasks` is null where a proxy refuses their list. */
export const removeDryRunSchema = z.object({
  command,
  tasks: z.nullable(z.int()),
  text: z.string(),
});
export type RemoveDryRun = z.infer<typeof removeDryRunSchema>;

/** `PATCH /api/nodes/{id}?dry-run`; `tasks` is null where a list is refused, `managers` where the role stays. */
export const nodeDryRunSchema = z.object({
  command,
  tasks: z.nullable(nodePreviewSchema),
  managers: z.nullable(rolePreviewSchema),
  /** The `PATCH` that would undo it; null where it changes nothing. */
  undo: z.nullable(patchNodeSchema),
});
export type NodeDryRun = z.infer<typeof nodeDryRunSchema>;

/** `DELETE /api/nodes/{id}?dry-run` */
export const removeNodeDryRunSchema = z.object({ command, tasks: z.nullable(nodePreviewSchema) });
export type RemoveNodeDryRun = z.infer<typeof removeNodeDryRunSchema>;

/** `GET /api/services/{name}`; a service that exists can have more replicas than may be set. */
export const serviceDetailsSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** Whether values of the environment and of options, and names of secrets, are hidden. */
  hidden: z.boolean(),
  form: createServiceSchema(Number.MAX_SAFE_INTEGER),
  /** What a rollback would change; null: there is nothing to roll back to. */
  rollback: z.nullable(differences),
  /** As `docker service inspect --pretty` prints it. */
  pretty: z.string(),
  /** The engine's own. */
  json: z.record(z.string(), z.unknown()),
});
export type ServiceDetails = z.infer<typeof serviceDetailsSchema>;

/** `GET /api/nodes/{id}/inspect`, `GET /api/tasks/{id}/inspect` */
export const inspectionSchema = z.object({
  id: z.string(),
  /** As the page calls it. */
  name: z.string(),
  /** Whether values of the environment and of options, and names of secrets, are hidden; a node has none. */
  hidden: z.boolean(),
  /** As `docker node inspect --pretty` prints it; null for a task, of which docker has no such form. */
  pretty: z.nullable(z.string()),
  /** The engine's own. */
  json: z.record(z.string(), z.unknown()),
});
export type Inspection = z.infer<typeof inspectionSchema>;

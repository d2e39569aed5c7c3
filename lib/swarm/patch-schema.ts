import * as z from 'zod/mini';
import {
  countSchema,
  engineViewSchema,
  goneNodeSchema,
  hintActionSchema,
  nodeViewSchema,
  noticeSchema,
  refusedSchema,
  serviceViewSchema,
  taskViewSchema,
} from './view';

const change = <T extends z.ZodMiniObject>(schema: T) =>
  z.extend(z.partial(schema), { id: z.string() });

/** Without the defaults, which would be changes. */
const serviceChange = change(
  z.extend(serviceViewSchema, {
    uneven: z.nullable(z.string()),
    version: z.number(),
    hasPrevious: z.boolean(),
  }),
);
const taskChange = change(z.extend(taskViewSchema, { actions: z.array(hintActionSchema) }));

/** Entities in the order of their lists; a new one has the id of its predecessor in `after` (null: first). */
export const viewPatchSchema = z.object({
  engine: z.optional(engineViewSchema),
  hat: z.optional(z.array(z.string())),
  counts: z.optional(z.array(countSchema)),
  refused: z.optional(refusedSchema),
  nodes: z.optional(
    z.array(z.extend(change(nodeViewSchema), { after: z.optional(z.nullable(z.string())) })),
  ),
  goneNodes: z.optional(
    z.array(z.extend(change(goneNodeSchema), { after: z.optional(z.nullable(z.string())) })),
  ),
  services: z.optional(
    z.array(z.extend(serviceChange, { after: z.optional(z.nullable(z.string())) })),
  ),
  tasks: z.optional(z.array(z.extend(taskChange, { after: z.optional(z.nullable(z.string())) }))),
  notices: z.optional(
    z.array(z.extend(change(noticeSchema), { after: z.optional(z.nullable(z.string())) })),
  ),
  /** Ids of removed entities, and of those that have moved, by list. */
  gone: z.optional(
    z.partial(
      z.object({
        nodes: z.array(z.string()),
        goneNodes: z.array(z.string()),
        services: z.array(z.string()),
        tasks: z.array(z.string()),
        notices: z.array(z.string()),
      }),
    ),
  ),
});
export type ViewPatch = z.infer<typeof viewPatchSchema>;

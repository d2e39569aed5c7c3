import * as z from 'zod/mini';

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

import * as z from 'zod/mini';
import { entries, labelName, oneOf, valueText } from './fields';
import { mergedMap } from './patch-spec';
import type { RawSpec } from './raw-spec';

/** `PATCH /api/nodes/{name}`: only what is named changes; a label whose value is null is removed. */
export const patchNodeSchema = z.strictObject({
  availability: z.optional(oneOf(['active', 'pause', 'drain'])),
  role: z.optional(oneOf(['worker', 'manager'])),
  labels: z.optional(entries(labelName, z.nullable(valueText), { nullRemoves: true })),
});
export type NodePatch = z.infer<typeof patchNodeSchema>;

/** The spec with a patch applied; everything else stays as it is. */
export function patchNode(spec: RawSpec, { availability, role, labels = {} }: NodePatch): RawSpec {
  return {
    ...spec,
    ...(availability !== undefined && { Availability: availability }),
    ...(role !== undefined && { Role: role }),
    ...(Object.keys(labels).length > 0 && { Labels: mergedMap(spec['Labels'], labels) }),
  };
}

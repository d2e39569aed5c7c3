import * as z from 'zod/mini';
import { drillRestores, DRILL_LABEL } from '../drill-label';
import { entries, labelName, oneOf, shortEnough, valueText } from './fields';
import { mergedMap } from './patch-spec';
import { partOf, textMap, type RawSpec } from './raw-spec';

/** `PATCH /api/nodes/{name}`: only what is named changes; a label whose value is null is removed. */
export const patchNodeSchema = z
  .strictObject({
    availability: z.optional(oneOf(['active', 'pause', 'drain'])),
    role: z.optional(oneOf(['worker', 'manager'])),
    labels: z.optional(entries(labelName, z.nullable(valueText), { nullRemoves: true })),
  })
  .check(shortEnough());
export type NodePatch = z.infer<typeof patchNodeSchema>;

/**
 * The patch as it is made of a node with this spec: an availability that a person chooses ends what a failure drill would
 * restore. Labels that are to be removed and are not there are left out, as docker's client refuses those.
 */
export function effectivePatch(spec: RawSpec, patch: NodePatch): NodePatch {
  const { labels = {}, ...others } = patch;
  const present = partOf(spec, 'Labels');
  const isDrilled = drillRestores(present) !== null && !Object.hasOwn(labels, DRILL_LABEL);
  const wanted =
    others.availability !== undefined && isDrilled ? { ...labels, [DRILL_LABEL]: null } : labels;
  const made = Object.entries(wanted).filter(
    ([name, value]) => value !== null || Object.hasOwn(present, name),
  );
  return { ...others, ...(made.length > 0 && { labels: Object.fromEntries(made) }) };
}

/**
 * The patch that undoes another one of a node with this spec; null where that changes nothing, or what was there before
 * cannot be set.
 */
export function undoingPatch(spec: RawSpec, { availability, role, labels = {} }: NodePatch) {
  const had = textMap(spec['Labels']);
  const valueOf = (name: string) => (Object.hasOwn(had, name) ? had[name] : null);
  const changed = Object.entries(labels).filter(([name, value]) => valueOf(name) !== value);
  const undo = {
    ...(availability !== undefined &&
      availability !== spec['Availability'] && { availability: spec['Availability'] }),
    ...(role !== undefined && role !== spec['Role'] && { role: spec['Role'] }),
    ...(changed.length > 0 && {
      labels: Object.fromEntries(changed.map(([name]) => [name, valueOf(name)])),
    }),
  };
  if (Object.keys(undo).length === 0) return null;
  return patchNodeSchema.safeParse(undo).data ?? null;
}

/** The spec with a patch applied; everything else stays as it is. */
export function patchNode(spec: RawSpec, { availability, role, labels = {} }: NodePatch): RawSpec {
  return {
    ...spec,
    ...(availability !== undefined && { Availability: availability }),
    ...(role !== undefined && { Role: role }),
    ...(Object.keys(labels).length > 0 && { Labels: mergedMap(spec['Labels'], labels) }),
  };
}

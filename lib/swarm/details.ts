import * as z from 'zod/mini';
import { drillRestores } from './drill-label';
import {
  UNREADABLE_CONSTRAINT,
  type EngineNode,
  type EngineService,
  type EngineTask,
} from './engine-json';
import { naturalOrder } from './natural';
import { parseConstraints, satisfiesOne } from './placement/constraints';
import { amounts, clusterOf, type Resource } from './placement/placement';
import type { Snapshot } from './snapshot';
import { TASK_STATES } from './task-state';
import type { NodeView, TaskView } from './view';
import { oneLine } from './words';

/**
 * What the details of one task or node show in addition to the live view, which keeps the stream small. Nothing that can
 * hold a secret is in it: no environment, arguments, mounts or labels of containers.
 */

/** Entries of one list that are sent. */
const MOST = 100;
/** Longest text that is sent; engines accept labels of any length. */
const LONGEST = 1000;

const amountSchema = z.object({
  /** `CPU`, `memory`, or the kind of a generic resource. */
  resource: z.string(),
  unit: z.enum(['cpus', 'bytes', 'pieces']),
  amount: z.number(),
});
export type Amount = z.infer<typeof amountSchema>;

const labelSchema = z.object({ name: z.string(), value: z.string() });
export type Label = z.infer<typeof labelSchema>;

const labelRuleSchema = z.object({
  label: z.string(),
  service: z.string(),
  /** The constraint, or the preference: `node.labels.disk==ssd`, `spread=node.labels.zone`. */
  rule: z.string(),
  /** The value that the rule is about; null where it is none. */
  value: z.nullable(z.string()),
  /** Whether nodes need that value (`==`) or must not have it; null for a preference. */
  equal: z.nullable(z.boolean()),
  /** Whether this node satisfies it; null for a preference. */
  met: z.nullable(z.boolean()),
});
/** A placement rule of a service that looks at a label of nodes. */
export type LabelRule = z.infer<typeof labelRuleSchema>;

/** A state in which the dashboard saw a task, and since when (ms, by its clock). */
export const seenStateSchema = z.object({ state: z.enum(TASK_STATES), at: z.number() });
export type SeenState = z.infer<typeof seenStateSchema>;

/** `GET /api/tasks/{id}` */
export const taskDetailsSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** The image with its tag, and the digest to which swarm pinned it; null without one. */
  image: z.string(),
  digest: z.nullable(z.string()),
  /** The whole id; null before it has a container. */
  container: z.nullable(z.string()),
  constraints: z.array(z.string()),
  /** Maximum of the service's tasks per node; null without one. */
  maxPerNode: z.nullable(z.number()),
  reservations: z.array(amountSchema),
  limits: z.array(amountSchema),
  /** The states in which it was seen within the recorded hour, oldest first. */
  states: z.array(seenStateSchema),
});
export type TaskDetails = z.infer<typeof taskDetailsSchema>;

/** `GET /api/nodes/{id}` */
export const nodeDetailsSchema = z.object({
  id: z.string(),
  name: z.string(),
  labels: z.array(labelSchema),
  engineLabels: z.array(labelSchema),
  /** Rules of services on labels of nodes, of this one or not. */
  labelRules: z.array(labelRuleSchema),
  /** What a failure drill that has drained it will restore; null without one. */
  drill: z.nullable(z.enum(['active', 'pause'])),
  /** What the node has, and what its tasks have reserved of it, as swarm's scheduler counts it. */
  resources: z.array(z.extend(amountSchema, { reserved: z.number(), free: z.number() })),
});
export type NodeDetails = z.infer<typeof nodeDetailsSchema>;

/** The details of a task; null if the engine does not list it any more. */
export function taskDetails(
  { tasks }: Pick<Snapshot, 'tasks'>,
  { id, name }: Pick<TaskView, 'id' | 'name'>,
  states: readonly SeenState[],
): TaskDetails | null {
  const task = tasks.find(({ ID }) => ID === id);
  if (!task) return null;
  const { ContainerSpec, Placement, Resources } = task.Spec;
  const { image, digest } = splitImage(ContainerSpec?.Image ?? '');
  return {
    id,
    name,
    image,
    digest,
    container: containerOf(task),
    constraints: (Placement?.Constraints ?? [])
      .slice(0, MOST)
      .map((one) => (one === UNREADABLE_CONSTRAINT ? 'one that cannot be read' : cut(one))),
    maxPerNode: Placement?.MaxReplicas || null,
    reservations: amountsIn({ ...Resources?.Reservations }),
    limits: amountsIn({ ...Resources?.Limits }),
    states: [...states],
  };
}

/** The details of a node; null if the engine does not list it. */
export function nodeDetails(
  { nodes, services, tasks }: Pick<Snapshot, 'nodes' | 'services' | 'tasks'>,
  { id, name }: Pick<NodeView, 'id' | 'name'>,
): NodeDetails | null {
  const node = nodes.find(({ ID }) => ID === id);
  if (!node) return null;
  const own = tasks.filter(({ NodeID }) => NodeID === id);
  const [load] = clusterOf({ nodes: [node], services, tasks: own }, new Map([[id, name]])).loads;
  const reservedOf = (resource: Resource) =>
    [...(load?.reserved.get(resource)?.values() ?? [])].reduce((sum, value) => sum + value, 0);
  const all = new Set([...(load?.total.keys() ?? []), ...(load?.free.keys() ?? [])]);
  return {
    id,
    name,
    labels: labelsIn(node.Spec.Labels),
    engineLabels: labelsIn(node.Description?.Engine?.Labels ?? {}),
    labelRules: labelRules(services, node),
    drill: drillRestores(node.Spec.Labels),
    resources: [...all]
      .sort(byResource)
      .slice(0, MOST)
      .map((resource) => ({
        ...amountOf(resource, load?.total.get(resource) ?? 0),
        reserved: amountOf(resource, reservedOf(resource)).amount,
        free: amountOf(resource, load?.free.get(resource) ?? 0).amount,
      })),
  };
}

/** The rules of all services on labels of nodes, by label and service. */
function labelRules(services: readonly EngineService[], node: EngineNode): LabelRule[] {
  const rules = services.flatMap(({ Spec: { Name, TaskTemplate } }): LabelRule[] => {
    const { Constraints, Preferences } = { ...TaskTemplate.Placement };
    const constraints = (parseConstraints(Constraints ?? []) ?? []).filter(
      ({ kind, label }) => kind === 'node.labels' && label !== '',
    );
    const spreads = (Preferences ?? []).flatMap(({ Spread }) => {
      const [, label] = /^node\.labels\.(.+)$/s.exec(Spread?.SpreadDescriptor ?? '') ?? [];
      return label === undefined ? [] : [label];
    });
    return [
      ...constraints.map((one) => ({
        label: cut(one.label),
        service: cut(Name),
        rule: cut(one.written),
        value: cut(one.value),
        equal: one.equal,
        met: satisfiesOne(one, node),
      })),
      ...spreads.map((label) => ({
        label: cut(label),
        service: cut(Name),
        rule: cut(`spread=node.labels.${label}`),
        value: null,
        equal: null,
        met: null,
      })),
    ];
  });
  return rules
    .toSorted((a, b) => naturalOrder(a.label, b.label) || naturalOrder(a.service, b.service))
    .slice(0, MOST);
}

/** `NAME:TAG@sha256:…`, of which swarm adds the digest. */
export function splitImage(reference: string): { image: string; digest: string | null } {
  const [, image, digest] = /^(.*)@(sha256:[0-9a-f]+)$/s.exec(reference) ?? [];
  if (image === undefined || digest === undefined) return { image: cut(reference), digest: null };
  return { image: cut(image), digest: cut(digest) };
}

function containerOf({ Status }: EngineTask): string | null {
  const id = Status.ContainerStatus?.ContainerID;
  return id ? cut(id) : null;
}

function amountsIn(resources: Parameters<typeof amounts>[0]): Amount[] {
  return amounts(resources)
    .sort(([a], [b]) => byResource(a, b))
    .slice(0, MOST)
    .map(([resource, value]) => amountOf(resource, value));
}

function amountOf(resource: Resource, value: number): Amount {
  if (resource === 'cpu') return { resource: 'CPU', unit: 'cpus', amount: value / 1e9 };
  if (resource === 'memory') return { resource, unit: 'bytes', amount: value };
  return { resource: cut(resource.slice(1)), unit: 'pieces', amount: value };
}

/** CPU, memory, then generic resources by name. */
function byResource(a: Resource, b: Resource): number {
  const rank = (resource: Resource) => ['cpu', 'memory'].indexOf(resource) + 1 || 3;
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}

function labelsIn(labels: Readonly<Record<string, string>>): Label[] {
  return Object.entries(labels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, MOST)
    .map(([name, value]) => ({ name: cut(name), value: cut(value) }));
}

/** Engine text for the page: it would reverse what follows it, for one, with characters that set a direction. */
function cut(text: string): string {
  return oneLine(text, LONGEST);
}

import { taskSchema, type EngineNode, type EngineService, type EngineTask } from '../engine-json';
import { explainWaiting } from '../hints/placement-words';
import type { ImageLookup, ImagePlatform } from '../image-lookup';
import { naturalOrder } from '../natural';
import { failuresOf, type Cluster, type NodeLoad } from '../placement/placement';
import { mostPlanned, PlacementPlan } from '../placement/plan';
import {
  excludedNodes,
  imagePlatforms,
  nodePlatform,
  type NodePlatform,
} from '../placement/platforms';
import type { Snapshot } from '../snapshot';
import { counted, inSentence, listed, oneLine } from '../words';
import type { PublishedPort, ServiceForm } from './form';
import { portsOf } from './form-of';
import { modeOf, partOf, type RawSpec } from './raw-spec';
import { platformsOf } from './spec-of';

/** A check of a service's form against the swarm, before it is sent. */
export interface Check {
  /** The field that it is about: `name`, `ports.0.published`, `image`, `replicas`. */
  field: string;
  /**
   * `refused`: swarm would refuse it. `warning`: swarm takes it, and tasks would wait or fail. `unknown`: it could not be
   * checked. `ok`: checked, and well.
   */
  state: 'ok' | 'warning' | 'unknown' | 'refused';
  text: string;
}

interface Surroundings {
  swarm: Pick<Snapshot, 'nodes' | 'services' | 'tasks' | 'refused'>;
  /** The nodes' names on the page, by id. */
  names: ReadonlyMap<string, string>;
  /** What the registry says about the image; null where it was not asked. */
  image: ImageLookup | null;
}

/**
 * Checks a service that is to be created, or changed: then `existing` is its id. `spec` is what would be sent.
 */
export function checkService(
  spec: RawSpec,
  form: Pick<ServiceForm, 'name' | 'image'>,
  { swarm, names, image }: Surroundings,
  existing: string | null = null,
): Check[] {
  const others = swarm.services.filter(({ ID }) => ID !== existing);
  const listKnown = !swarm.refused.reads.has('SERVICES');
  return [
    ...(existing === null ? [checkName(form.name, listKnown ? others : null)] : []),
    ...checkPorts(portsOf(spec), listKnown ? others : null, existing !== null),
    ...checkImage(form.image, image, swarm, names),
    ...(isWhole(swarm)
      ? checkPlacement(spec, { swarm, names, image }, existing)
      : [unlisted('replicas', 'which nodes have room')]),
  ];
}

/** Whether no list of the swarm is refused by a proxy in front of the engine. */
export function isWhole({ refused: { reads } }: Pick<Snapshot, 'refused'>): boolean {
  return !(['TASKS', 'SERVICES', 'NODES'] as const).some((one) => reads.has(one));
}

/** `what`: what the refused list would show. */
function unlisted(field: string, what: string): Check {
  const text = `Could not check ${what}: a proxy in front of the engine refuses the list.`;
  return { field, state: 'unknown', text };
}

function checkName(name: string, services: readonly EngineService[] | null): Check {
  const field = 'name';
  if (!services) return unlisted(field, 'whether the name is free');
  return services.some(({ Spec }) => Spec.Name === name)
    ? { field, state: 'refused', text: `There is a service called ${inSentence(name)} already.` }
    : { field, state: 'ok', text: 'No other service has this name.' };
}

/**
 * swarmkit `checkPortConflicts`: a port of the routing mesh is free for no other service. In host mode several services
 * may have one port, on different nodes.
 */
function checkPorts(
  ports: readonly PublishedPort[],
  services: readonly EngineService[] | null,
  isUpdate: boolean,
): Check[] {
  return ports.flatMap(({ published, protocol, mode }, at): Check[] => {
    if (!published) return [];
    const field = `ports.${at}.published`;
    const port = protocol === 'tcp' ? `${published}` : `${published}/${protocol}`;
    if (!services) return [unlisted(field, `whether port ${port} is free`)];
    const holder = services.find(({ Endpoint }) =>
      (Endpoint?.Ports ?? []).some(
        (one) =>
          one.PublishedPort === published &&
          one.Protocol === protocol &&
          (one.PublishMode === 'ingress' || mode === 'ingress'),
      ),
    );
    if (!holder) {
      // It may be the service's own already.
      const text = isUpdate ? `No other service publishes port ${port}.` : `Port ${port} is free.`;
      return [{ field, state: 'ok', text }];
    }
    const name = inSentence(holder.Spec.Name);
    return [{ field, state: 'refused', text: `Port ${port} is published by ${name} already.` }];
  });
}

function checkImage(
  name: string,
  lookup: ImageLookup | null,
  { nodes, refused }: Surroundings['swarm'],
  names: Surroundings['names'],
): Check[] {
  if (!lookup) return [];
  const field = 'image';
  const shown = inSentence(name);
  if (lookup.state === 'unknown') {
    const text = `Could not check ${shown}: ${reasonOf(lookup.reason)}`;
    return [{ field, state: 'unknown', text }];
  }
  if (lookup.state === 'missing') {
    const text = `The registry does not have ${shown}: only nodes that have it already can run it.`;
    return [{ field, state: 'warning', text }];
  }
  const platforms = platformsIn(lookup);
  if (platforms.length === 0) {
    const text = `The registry has ${shown}, but does not say for which processors it is built.`;
    return [{ field, state: 'unknown', text }];
  }
  const built = listed([...new Set(platforms.map(platformName))].map(inSentence));
  if (refused.reads.has('NODES')) {
    const { state, text } = unlisted(field, 'which nodes can run it');
    return [{ field, state, text: `The image is for ${built}. ${text}` }];
  }
  const unable = nodes
    .filter(({ Description }) => Description?.Platform)
    .filter(({ Description }) => {
      const { OS = '', Architecture = '' } = Description?.Platform ?? {};
      return !platforms.some((one) => runsOn(one, OS, Architecture));
    });
  if (unable.length === 0) {
    return [{ field, state: 'ok', text: 'The image is built for every node.' }];
  }
  const text = joined(`The image is for ${built}.`, unableWords(unable, lookup, nodes, names));
  return [{ field, state: 'warning', text }];
}

/**
 * What becomes of tasks on nodes with another processor: swarm places none there, except of ARM images, for which the
 * client records no architecture. Whether a node emulates a processor is not known to the engine's API.
 */
function unableWords(
  unable: readonly EngineNode[],
  lookup: Extract<ImageLookup, { state: 'found' }>,
  nodes: readonly EngineNode[],
  names: Surroundings['names'],
): string {
  const image = imagePlatforms({ Placement: platformsOf(lookup) });
  const platforms = new Map(unable.map((node) => [node.ID, nodePlatform(node, names)]));
  const excluded = new Set(excludedNodes({ image, nodes: [...platforms.values()] }));
  const words = (some: readonly NodePlatform[]) =>
    listed(
      some
        .toSorted((a, b) => naturalOrder(a.name, b.name))
        .map(({ name, arch }) => `${inSentence(name)} (${inSentence(arch)})`),
    );
  const kept = [...platforms.values()].filter((one) => excluded.has(one));
  const placed = [...platforms.values()].filter((one) => !excluded.has(one));
  if (kept.length === nodes.length) return 'No node can run it.';
  if (placed.length === nodes.length) {
    return 'No node has this processor: a task that swarm places runs only where the node emulates it (QEMU).';
  }
  return joined(
    kept.length === 0 ? '' : `${words(kept)} cannot run it.`,
    placed.length === 0
      ? ''
      : `Swarm also places tasks on ${words(placed)}, where they run only if the node emulates this processor (QEMU).`,
  );
}

/** An engine's error can be of any length. */
const LONGEST_REASON = 400;

/** One sentence of the engine's own words. */
function reasonOf(reason: string): string {
  const text = oneLine(reason, LONGEST_REASON).replaceAll('`', "'").trim();
  return text === '' ? 'the registry did not answer.' : /[.!?…]$/.test(text) ? text : `${text}.`;
}

function platformName({ os, architecture, variant }: ImagePlatform): string {
  return [os || 'linux', architecture, ...(variant === '' ? [] : [variant])].join('/');
}

/** Go's names of what `uname -m` reports. */
const ARCHITECTURES: readonly [RegExp, string][] = [
  [/^(x86_64|amd64)$/, 'amd64'],
  [/^(aarch64|arm64)$/, 'arm64'],
  [/^arm/, 'arm'],
  [/^(i[3-6]86|386)$/, '386'],
];
const goArch = (arch: string) => ARCHITECTURES.find(([name]) => name.test(arch))?.[1] ?? arch;

/**
 * Whether a node can run an image of this platform: also the variant of ARM, which swarm itself does not compare. 64-bit
 * systems usually run 32-bit programs.
 */
function runsOn({ os, architecture, variant }: ImagePlatform, nodeOs: string, nodeArch: string) {
  if ((os || 'linux') !== (nodeOs || 'linux')) return false;
  const made = goArch(architecture);
  const is = goArch(nodeArch);
  if (made === 'arm' && is === 'arm') {
    const needed = Number(/^v(\d+)/.exec(variant)?.[1] ?? 0);
    const has = Number(/^armv(\d+)/.exec(nodeArch)?.[1] ?? Number.POSITIVE_INFINITY);
    return needed <= has;
  }
  return made === is || (made === 'arm' && is === 'arm64') || (made === '386' && is === 'amd64');
}

/** Whether the nodes have room for every task. */
function checkPlacement(
  spec: RawSpec,
  { swarm, names, image }: Surroundings,
  existing: string | null,
): Check[] {
  const field = 'replicas';
  const task = taskOf(spec, existing ?? NEW);
  if (!task) return [{ field, state: 'unknown', text: 'Could not check which nodes can run it.' }];
  const service = serviceOf(spec, task);
  const plan = new PlacementPlan(
    {
      nodes: swarm.nodes,
      services: [...swarm.services.filter(({ ID }) => ID !== existing), service],
      tasks: swarm.tasks.filter(({ ServiceID }) => ServiceID !== existing),
    },
    names,
  );
  const { loads } = plan.cluster;
  const able = loads.filter((load) => failuresOf(task, load, plan.cluster).length === 0);
  const mode = modeOf(spec);
  // The check of the image names the nodes that have another processor.
  const others = () =>
    image?.state === 'found' ? ofItsPlatform(task, plan.cluster) : plan.cluster;
  const why = () => explainWaiting(task, others())?.text ?? '';
  if (able.length === 0) {
    const text =
      others().loads.length === 0 && loads.length > 0
        ? 'No task would run.'
        : joined('No node can run it now.', why());
    return [{ field, state: 'warning', text }];
  }
  const isOpen = image !== null && !hasPlatforms(image);
  if (mode === 'global' || mode === 'global-job') {
    const on = namesOf(able);
    return isOpen
      ? [{ field, state: 'unknown', text: `Could not check whether ${on} can run the image.` }]
      : [{ field, state: 'ok', text: `It would run on ${on}.` }];
  }
  const wanted = tasksAtATime(spec);
  const most = mostPlanned(loads.length);
  if (wanted > most) {
    const text = `Could not check whether the nodes have room for ${wanted} tasks: it is checked for up to ${most}.`;
    return [{ field, state: 'unknown', text }];
  }
  const placed: NodeLoad[] = [];
  for (let slot = 1; slot <= wanted; slot++) {
    const to = plan.place({ ...task, ID: `${slot}`, Slot: slot });
    if (!to) {
      const waiting = counted(wanted - placed.length, 'task');
      const text = `The nodes have room for ${placed.length} of ${wanted}: ${waiting} would wait.`;
      return [{ field, state: 'warning', text: joined(text, why()) }];
    }
    placed.push(to);
  }
  const used = [...new Set(placed.map(({ node }) => node.ID))];
  const on = able.filter(({ node }) => used.includes(node.ID));
  if (isOpen && wanted > 0) {
    const text = 'The nodes have room. Could not check whether they can run the image.';
    return [{ field, state: 'unknown', text }];
  }
  return [
    {
      field,
      state: 'ok',
      text: wanted === 0 ? 'No task would run.' : roomText(on, able),
    },
  ];
}

/** Whether it is known for which processors an image is. */
function hasPlatforms(image: ImageLookup): boolean {
  return image.state === 'found' && platformsIn(image).length > 0;
}

/** Attestations have none. */
function platformsIn({ platforms }: Extract<ImageLookup, { state: 'found' }>) {
  return platforms.filter(({ architecture }) => architecture !== 'unknown');
}

/** The cluster without the nodes that swarm keeps the image off. */
function ofItsPlatform(task: EngineTask, cluster: Cluster): Cluster {
  const loads = cluster.loads.filter((load) =>
    failuresOf(task, load, cluster).every(({ filter }) => filter !== 'platform'),
  );
  return { ...cluster, loads };
}

/** Where tasks would be placed. Among nodes that suit as well as each other swarm's choice cannot be foreseen. */
function roomText(on: readonly NodeLoad[], able: readonly NodeLoad[]): string {
  return on.length === able.length
    ? `It would run on ${namesOf(on)}.`
    : `The nodes have room, for example ${namesOf(on)}. Swarm chooses.`;
}

const NEW = 'new';
const joined = (...parts: string[]) => parts.filter((part) => part !== '').join(' ');

function namesOf(loads: readonly NodeLoad[]): string {
  return listed(
    loads
      .map(({ name }) => name)
      .sort(naturalOrder)
      .map(inSentence),
  );
}

/** Replicas, or the tasks of a job that run at the same time. */
function tasksAtATime(spec: RawSpec): number {
  const { Replicas } = partOf(spec, 'Mode', 'Replicated');
  const { MaxConcurrent } = partOf(spec, 'Mode', 'ReplicatedJob');
  const count = Replicas ?? MaxConcurrent ?? 1;
  return Number.isSafeInteger(count) ? Number(count) : 1;
}

/** A task of the spec, as swarm's scheduler would get it; null where the spec has parts that cannot be read. */
function taskOf(spec: RawSpec, serviceId: string): EngineTask | null {
  const { data } = taskSchema.safeParse({
    ID: NEW,
    Version: { Index: 0 },
    ServiceID: serviceId,
    Spec: partOf(spec, 'TaskTemplate'),
    Status: { State: 'pending' },
    DesiredState: 'running',
  });
  return data ?? null;
}

function serviceOf(spec: RawSpec, { ServiceID, Spec }: EngineTask): EngineService {
  return {
    ID: ServiceID,
    Version: { Index: 0 },
    CreatedAt: 0,
    UpdatedAt: 0,
    Spec: {
      Name: typeof spec['Name'] === 'string' ? spec['Name'] : '',
      Labels: {},
      TaskTemplate: Spec,
      Mode: {},
    },
    Endpoint: {
      Ports: portsOf(spec).map(({ target, published, protocol, mode }) => ({
        TargetPort: target,
        PublishedPort: published,
        Protocol: protocol,
        PublishMode: mode,
      })),
    },
  };
}

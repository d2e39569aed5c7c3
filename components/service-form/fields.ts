import {
  FAILURE_ACTIONS,
  MODES,
  RESTART_CONDITIONS,
  ROLLBACK_FAILURE_ACTIONS,
  UPDATE_ORDERS,
  type FormMode,
} from '@/lib/swarm/spec/form';

/** The fields of the form of a service that have one value, by their path in a request. */

export const GROUPS = {
  main: 'Service',
  placement: 'Mode and placement',
  environment: 'Environment',
  resources: 'Resources',
  labels: 'Labels',
  container: 'Container',
  update: 'Update policy',
  rollback: 'Rollback policy',
  restart: 'Restart policy',
} as const;
export type Group = keyof typeof GROUPS;

/** How a text becomes a value of a request. */
type Kind = 'text' | 'number' | 'words' | 'choice';

export interface FieldRule {
  group: Group;
  label: string;
  /** Docker's option. */
  option: string;
  /** Where it is another one when a service is created. */
  createOption?: string;
  kind: Kind;
  /** What swarm takes where the field is empty: it is sent when a value is removed. Without one the field is required. */
  ifEmpty?: string;
  /** What the empty field shows; `ifEmpty` otherwise. */
  placeholder?: string;
  choices?: readonly string[];
  /** The modes that have it; all without. */
  modes?: readonly FormMode[];
  /** Swarm, or docker's client, cannot change it later. */
  createOnly?: boolean;
}

const COUNTED: readonly FormMode[] = ['replicated', 'replicated-job'];
const ROLLED: readonly FormMode[] = ['replicated', 'global'];

const rule = (
  group: Group,
  kind: Kind,
  label: string,
  option: string,
  more: Omit<FieldRule, 'group' | 'kind' | 'label' | 'option'> = {},
): FieldRule => ({ group, kind, label, option, ...more });

/** swarmkit api/defaults/service.go */
function rollout<T extends 'update' | 'rollback'>(group: T, actions: readonly string[]) {
  const field = (
    kind: Kind,
    label: string,
    name: string,
    more: Omit<FieldRule, 'group' | 'kind' | 'label' | 'option'>,
  ) => rule(group, kind, label, `--${group}-${name}`, { modes: ROLLED, ...more });
  return {
    [`${group}.parallelism`]: field('number', 'Tasks at a time', 'parallelism', {
      ifEmpty: '1',
    }),
    [`${group}.delay`]: field('text', 'Pause between them', 'delay', { ifEmpty: '0s' }),
    [`${group}.monitor`]: field('text', 'Watch each task for', 'monitor', { ifEmpty: '5s' }),
    [`${group}.failureAction`]: field('choice', 'On failure', 'failure-action', {
      ifEmpty: 'pause',
      choices: actions,
    }),
    [`${group}.maxFailureRatio`]: field('number', 'Share that may fail', 'max-failure-ratio', {
      ifEmpty: '0',
    }),
    [`${group}.order`]: field('choice', 'Order', 'order', {
      ifEmpty: 'stop-first',
      choices: UPDATE_ORDERS,
    }),
  } as Record<
    `${T}.${'parallelism' | 'delay' | 'monitor' | 'failureAction' | 'maxFailureRatio' | 'order'}`,
    FieldRule
  >;
}

const NO_LIMIT = { ifEmpty: '0', placeholder: 'no limit' };
const NONE = { ifEmpty: '0', placeholder: 'none' };

export const FIELDS = {
  name: rule('main', 'text', 'Name', '--name', { createOnly: true }),
  image: rule('main', 'text', 'Image', '--image', { createOption: 'IMAGE' }),
  replicas: rule('main', 'number', 'Replicas', '--replicas', { modes: COUNTED }),
  mode: rule('placement', 'choice', 'Mode', '--mode', { choices: MODES, createOnly: true }),
  maxConcurrent: rule('placement', 'number', 'Tasks at the same time', '--max-concurrent', {
    modes: ['replicated-job'],
    createOnly: true,
    ifEmpty: '',
    placeholder: 'all',
  }),
  maxPerNode: rule('placement', 'number', 'Maximum per node', '--replicas-max-per-node', {
    modes: COUNTED,
    ...NO_LIMIT,
  }),
  'reservations.cpus': rule('resources', 'number', 'Reserved CPUs', '--reserve-cpu', NONE),
  'reservations.memory': rule('resources', 'text', 'Reserved memory', '--reserve-memory', NONE),
  'limits.cpus': rule('resources', 'number', 'CPU limit', '--limit-cpu', NO_LIMIT),
  'limits.memory': rule('resources', 'text', 'Memory limit', '--limit-memory', NO_LIMIT),
  'limits.pids': rule('resources', 'number', 'Process limit', '--limit-pids', NO_LIMIT),
  command: rule('container', 'words', 'Entrypoint', '--entrypoint', {
    ifEmpty: '',
    placeholder: 'the image’s own',
  }),
  args: rule('container', 'words', 'Arguments', '--args', {
    createOption: 'ARG …',
    ifEmpty: '',
    placeholder: 'the image’s own',
  }),
  hostname: rule('container', 'text', 'Hostname', '--hostname', {
    ifEmpty: '',
    placeholder: 'the container’s id',
  }),
  stopGracePeriod: rule('container', 'text', 'Stop grace period', '--stop-grace-period', {
    ifEmpty: '10s',
  }),
  ...rollout('update', FAILURE_ACTIONS),
  ...rollout('rollback', ROLLBACK_FAILURE_ACTIONS),
  'restart.condition': rule('restart', 'choice', 'Condition', '--restart-condition', {
    ifEmpty: 'any',
    choices: RESTART_CONDITIONS,
  }),
  'restart.delay': rule('restart', 'text', 'Delay', '--restart-delay', { ifEmpty: '5s' }),
  'restart.maxAttempts': rule('restart', 'number', 'Attempts', '--restart-max-attempts', NO_LIMIT),
  'restart.window': rule('restart', 'text', 'Window', '--restart-window', {
    ifEmpty: '0s',
    placeholder: 'no limit',
  }),
};
export type FieldName = keyof typeof FIELDS;
export const FIELD_NAMES = Object.keys(FIELDS) as FieldName[];

/** The fields of a list of entries, with the group that they are in. */
export const LISTS = {
  ports: 'main',
  constraints: 'placement',
  preferences: 'placement',
  env: 'environment',
  labels: 'labels',
  containerLabels: 'labels',
} as const satisfies Record<string, Group>;
export type ListName = keyof typeof LISTS;

/** Whether a service of this mode has the field, in the form to create or to change one. */
export function isShown(field: FieldName, mode: FormMode, form: 'create' | 'update'): boolean {
  const { modes, createOnly }: FieldRule = FIELDS[field];
  if (createOnly && form === 'update') return false;
  return modes?.includes(mode) ?? true;
}

/** Fields in the order in which the form shows them. */
export function byPlace(a: string, b: string): number {
  return rankOf(a) - rankOf(b);
}

function rankOf(field: string): number {
  const [first = ''] = field.split('.');
  const names: readonly string[] = FIELD_NAMES;
  const lists = Object.keys(LISTS);
  const within = names.includes(field)
    ? names.indexOf(field)
    : names.length + (lists.includes(first) ? lists.indexOf(first) : -1 - names.length);
  return Object.keys(GROUPS).indexOf(groupOf(field)) * 1000 + within;
}

/** The group of a field, a part of a list, or a whole group of the request such as `update`. */
export function groupOf(field: string): Group {
  if (Object.hasOwn(FIELDS, field)) return FIELDS[field as FieldName].group;
  const [first = ''] = field.split('.');
  if (Object.hasOwn(LISTS, first)) return LISTS[first as ListName];
  if (first === 'limits' || first === 'reservations') return 'resources';
  return Object.hasOwn(GROUPS, first) ? (first as Group) : 'main';
}

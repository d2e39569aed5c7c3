import type { ProblemKind } from '../api';
import type { RequestName, ResponseName } from './schemas';

/** One method of one path: what it takes, and everything that it can answer. */
export interface Operation {
  summary: string;
  /** What the sender needs: nothing, to read, to start runs, or to change the swarm (and to read what only operators may). */
  need: 'nothing' | 'read' | 'run' | 'change';
  query?: readonly QueryParameter[];
  body?: { schema: RequestName; required: boolean };
  answers: readonly OperationAnswer[];
  /** Kinds of problems in addition to those of every request (problems.ts). */
  problems: readonly ProblemKind[];
  /** Whether the engine is called, so that its problems can be the answer. A number: the status of all of them. */
  engine?: boolean | number;
  /** Whether `If-Match` is compared with the entity. */
  ifMatch?: boolean;
}

export interface QueryParameter {
  name: string;
  description: string;
  schema: Record<string, unknown>;
  required?: boolean;
}

/** A success. Several of one status are alternatives. */
export interface OperationAnswer {
  status: number;
  description: string;
  /** None without content; a name of a schema, or plain text. */
  content?: { type: string; schema: ResponseName | 'text' };
}

const json = (schema: ResponseName, description: string, status = 200): OperationAnswer => ({
  status,
  description,
  content: { type: 'application/json', schema },
});
const text = (description: string, type = 'text/plain'): OperationAnswer => ({
  status: 200,
  description,
  content: { type, schema: 'text' },
});

const MILLISECONDS = { type: 'string', pattern: String.raw`^\d{1,15}$` };
const FLAG = { type: 'string', enum: ['', '1', 'true', '0', 'false', 'no'] };
const DRY_RUN: QueryParameter = {
  name: 'dry-run',
  description: 'Only shows what would happen.',
  schema: FLAG,
};
const SECRETS: QueryParameter = {
  name: 'secrets',
  description:
    'Shows values of the environment and of options of drivers, and names of secrets, to operators only.',
  schema: FLAG,
};
const LOG_QUERY: readonly QueryParameter[] = [
  {
    name: 'format',
    description: 'Events, or text; events for those who accept text/event-stream.',
    schema: { type: 'string', enum: ['events', 'text'] },
  },
  {
    name: 'follow',
    description: 'Whether lines that are written later are sent too.',
    schema: { type: 'string', enum: ['0', '1', 'true', 'false'] },
  },
  {
    name: 'tail',
    description: 'The last lines of each task, or all.',
    schema: { type: 'string', pattern: String.raw`^(all|\d{1,7})$` },
  },
  {
    name: 'since',
    description: 'Milliseconds since the epoch, or how long ago: 90s, 10m, 2h, 1d.',
    schema: { type: 'string', pattern: String.raw`^(\d{1,15}|\d{1,7}[smhd])$` },
  },
  {
    name: 'node',
    description:
      'As text only: the lines of one node, by its name, hostname, id or the start of its id.',
    schema: { type: 'string', minLength: 1, maxLength: 300 },
  },
  {
    name: 'search',
    description: 'As text only: the lines with this text, in upper or lower case.',
    schema: { type: 'string', minLength: 1, maxLength: 300 },
  },
];

const LOG_TASK: QueryParameter = {
  name: 'task',
  description: 'As text only: the lines of one task, by its id, its name or the start of its id.',
  schema: { type: 'string', minLength: 1, maxLength: 300 },
};

const logs = (of: string, query: readonly QueryParameter[] = LOG_QUERY): Operation => ({
  summary: `The log of ${of}.`,
  need: 'change',
  query,
  answers: [
    {
      status: 200,
      description: 'Messages as server-sent events, the data of each is a LogMessage.',
      content: { type: 'text/event-stream', schema: 'LogMessage' },
    },
    text('Lines of text.'),
    { status: 204, description: 'The server is shutting down.' },
  ],
  problems: ['bad-request', 'not-found', 'too-many-streams', 'restarting'],
  engine: true,
});

/** By method and path, every route of the API. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  'GET /api/openapi.json': {
    summary: 'This document.',
    need: 'read',
    answers: [
      {
        status: 200,
        description: 'An OpenAPI 3.1 document.',
        content: { type: 'application/json', schema: 'OpenApi' },
      },
    ],
    problems: [],
  },
  'GET /api/swarm': {
    summary: 'The swarm as the page shows it.',
    need: 'read',
    answers: [json('Swarm', 'The view with its revision and status.')],
    problems: [],
    engine: true,
  },
  'GET /api/live': {
    summary: 'The swarm, the current run and the timeline as they change.',
    need: 'read',
    answers: [
      {
        status: 200,
        description: 'Messages as server-sent events, the data of each is a LiveMessage.',
        content: { type: 'text/event-stream', schema: 'LiveMessage' },
      },
      { status: 204, description: 'The server is shutting down.' },
    ],
    problems: ['too-many-streams'],
  },
  'GET /api/timeline': {
    summary: 'What happened in the last hour, or in another time of the last day.',
    need: 'read',
    query: [
      { name: 'from', description: 'Since then (ms since the epoch).', schema: MILLISECONDS },
      { name: 'to', description: 'Until then (ms since the epoch).', schema: MILLISECONDS },
      {
        name: 'at',
        description: 'The swarm as it was at that time instead (ms since the epoch).',
        schema: MILLISECONDS,
      },
    ],
    answers: [
      json('Timeline', 'Events, spans of tasks and gaps.'),
      json('PastView', 'With `at`: the swarm as it was.'),
    ],
    problems: ['bad-request', 'not-found'],
  },
  'GET /api/tasks/{id}': {
    summary: 'What the view leaves out of a task.',
    need: 'read',
    answers: [json('TaskDetails', 'The details.')],
    problems: ['not-found'],
    engine: true,
  },
  'GET /api/tasks/{id}/inspect': {
    summary: 'A task as the engine has it.',
    need: 'change',
    query: [SECRETS],
    answers: [json('Inspection', 'The task.')],
    problems: ['not-found'],
    engine: true,
  },
  'GET /api/tasks/{id}/logs': logs('a task'),
  'GET /api/services/{name}/logs': logs('all tasks of a service', [...LOG_QUERY, LOG_TASK]),
  'GET /api/nodes/{id}': {
    summary: 'What the view leaves out of a node.',
    need: 'read',
    answers: [json('NodeDetails', 'The details; their `ETag` goes into `If-Match`.')],
    problems: ['bad-request', 'not-found'],
    engine: true,
  },
  'GET /api/nodes/{id}/inspect': {
    summary: 'A node as the engine has it.',
    need: 'change',
    answers: [json('Inspection', 'The node.')],
    problems: ['bad-request', 'not-found'],
    engine: true,
  },
  'PATCH /api/nodes/{id}': {
    summary: 'Changes availability, role or labels of a node.',
    need: 'change',
    query: [DRY_RUN],
    body: { schema: 'PatchNode', required: true },
    answers: [
      json('NodeChanged', 'Accepted.', 202),
      json('NodeDryRun', 'With `dry-run`: what would happen.'),
    ],
    problems: ['bad-request', 'not-found', 'conflict', 'changed-meanwhile'],
    engine: true,
    ifMatch: true,
  },
  'DELETE /api/nodes/{id}': {
    summary: 'Removes a worker that is not connected.',
    need: 'change',
    query: [DRY_RUN],
    answers: [
      json('NodeRemoved', 'Removed.', 202),
      json('RemoveNodeDryRun', 'With `dry-run`: what would happen.'),
    ],
    problems: ['bad-request', 'not-found', 'conflict', 'changed-meanwhile'],
    engine: true,
    ifMatch: true,
  },
  'POST /api/services': {
    summary: 'Creates a service.',
    need: 'change',
    query: [DRY_RUN],
    body: { schema: 'CreateService', required: true },
    answers: [
      json('ServiceCreated', 'Created; its tasks start afterwards.', 201),
      json('CreateDryRun', 'With `dry-run`: what would happen.'),
    ],
    problems: ['bad-request', 'conflict'],
    engine: true,
  },
  'GET /api/services/{name}': {
    summary: 'A service: its form, what a rollback would change, and the engine’s JSON.',
    need: 'change',
    query: [SECRETS],
    answers: [json('ServiceDetails', 'The service; its `ETag` goes into `If-Match`.')],
    problems: ['not-found'],
    engine: true,
  },
  'PATCH /api/services/{name}': {
    summary: 'Changes what is named of a service, and nothing else.',
    need: 'change',
    query: [DRY_RUN, SECRETS],
    body: { schema: 'PatchService', required: true },
    answers: [
      json('ServiceChanged', 'Accepted; its tasks are replaced afterwards.', 202),
      json('UpdateDryRun', 'With `dry-run`: what would happen.'),
    ],
    problems: ['bad-request', 'not-found', 'conflict', 'changed-meanwhile'],
    engine: true,
    ifMatch: true,
  },
  'DELETE /api/services/{name}': {
    summary: 'Removes a service.',
    need: 'change',
    query: [DRY_RUN],
    answers: [
      json('ServiceRemoved', 'Removed; its tasks stop afterwards.', 202),
      json('RemoveDryRun', 'With `dry-run`: what would happen.'),
    ],
    problems: ['bad-request', 'not-found', 'conflict', 'changed-meanwhile'],
    engine: true,
    ifMatch: true,
  },
  'POST /api/services/{name}/scale': {
    summary: 'Sets the number of replicas of a service.',
    need: 'change',
    body: { schema: 'ScaleRequest', required: true },
    answers: [json('Scaled', 'Accepted; tasks start or stop afterwards.', 202)],
    problems: ['bad-request', 'not-found', 'not-scalable', 'conflict', 'changed-meanwhile'],
    engine: true,
    ifMatch: true,
  },
  'POST /api/services/{name}/restart': {
    summary: 'Replaces every task of a service.',
    need: 'change',
    query: [DRY_RUN],
    answers: [
      json('ServiceChanged', 'Accepted; its tasks are replaced afterwards.', 202),
      json('RestartDryRun', 'With `dry-run`: what would happen.'),
    ],
    problems: ['bad-request', 'not-found', 'conflict', 'changed-meanwhile'],
    engine: true,
    ifMatch: true,
  },
  'POST /api/services/{name}/rollback': {
    summary: 'Undoes the last change of a service; a second one undoes the first.',
    need: 'change',
    query: [DRY_RUN, SECRETS],
    answers: [
      json('ServiceChanged', 'Accepted; its tasks are replaced afterwards.', 202),
      json('RollbackDryRun', 'With `dry-run`: what would happen.'),
    ],
    problems: ['bad-request', 'not-found', 'no-previous-spec', 'conflict', 'changed-meanwhile'],
    engine: true,
    ifMatch: true,
  },
  'POST /api/image-lookup': {
    summary: 'What the registry says about an image.',
    need: 'change',
    body: { schema: 'ImageLookupRequest', required: true },
    answers: [json('ImageLookup', 'What is known.')],
    problems: ['bad-request'],
    engine: true,
  },
  'POST /api/join-command': {
    summary: 'The command that joins a node; it contains a secret.',
    need: 'change',
    body: { schema: 'JoinRequest', required: false },
    answers: [json('JoinCommand', 'The command.')],
    problems: ['bad-request', 'conflict'],
    engine: true,
  },
  'GET /api/runs': {
    summary: 'The last 20 runs, newest first.',
    need: 'read',
    answers: [json('Runs', 'The runs.')],
    problems: [],
  },
  'POST /api/runs': {
    summary: 'Starts a run of requests at a service.',
    need: 'run',
    body: { schema: 'RunRequest', required: true },
    answers: [json('Run', 'Started; `Location` has its address.', 201)],
    problems: ['bad-request', 'not-found', 'not-dialable', 'run-in-progress'],
    engine: true,
  },
  'GET /api/runs/{id}': {
    summary: 'A run as it is now.',
    need: 'read',
    answers: [json('Run', 'The run.')],
    problems: ['not-found'],
  },
  'DELETE /api/runs/{id}': {
    summary: 'Stops a run.',
    need: 'run',
    answers: [json('Run', 'The run.')],
    problems: ['bad-request', 'not-found'],
  },
  'GET /api/runs/{id}/answers': {
    summary: 'Every answer of a run.',
    need: 'read',
    query: [
      {
        name: 'format',
        description: 'By default as `Accept` has it.',
        schema: { type: 'string', enum: ['csv', 'json'] },
      },
    ],
    answers: [json('RunAnswers', 'The answers.'), text('The answers as a table.', 'text/csv')],
    problems: ['bad-request', 'not-found'],
  },
  'GET /api/runs/{id}/comparison': {
    summary: 'A run compared with another one.',
    need: 'read',
    query: [
      {
        name: 'with',
        description: 'The id of the other run.',
        schema: { type: 'string' },
        required: true,
      },
    ],
    answers: [json('Comparison', 'What differs, and what of it is noise.')],
    problems: ['bad-request', 'not-found'],
  },
  'POST /api/runs/{id}/drill': {
    summary: 'Starts a failure drill in a run.',
    need: 'change',
    body: { schema: 'DrillRequest', required: true },
    answers: [json('Run', 'Started; the run’s `drill` has its state.', 202)],
    problems: ['bad-request', 'not-found', 'run-ended', 'drill-in-progress', 'not-drillable'],
    engine: true,
  },
  'DELETE /api/runs/{id}/drill': {
    summary: 'Ends a drill; its node is restored.',
    need: 'change',
    answers: [json('Run', 'The run.', 202)],
    problems: ['bad-request', 'not-found'],
  },
  'GET /api/session': {
    summary: 'What the sender may do.',
    need: 'read',
    answers: [json('Access', 'The rights.')],
    problems: [],
  },
  'POST /api/session': {
    summary: 'Signs a browser in.',
    need: 'nothing',
    body: { schema: 'SignInRequest', required: true },
    answers: [json('SignedIn', 'Signed in; a cookie is set.')],
    problems: ['bad-request', 'wrong-password', 'too-many-tries', 'read-only'],
  },
  'DELETE /api/session': {
    summary: 'Signs a browser out.',
    need: 'nothing',
    answers: [{ status: 204, description: 'Signed out.' }],
    problems: ['bad-request'],
  },
  'GET /api/demo': {
    summary: 'The faults of the embedded demo swarm.',
    need: 'read',
    answers: [json('DemoState', 'The faults.')],
    problems: ['not-found'],
    engine: true,
  },
  'POST /api/demo': {
    summary: 'Starts or ends a fault of the embedded demo swarm.',
    need: 'change',
    body: { schema: 'DemoChange', required: true },
    answers: [json('DemoState', 'The faults.')],
    problems: ['bad-request', 'not-found', 'conflict'],
    engine: true,
  },
  'GET /healthz': {
    summary: 'Whether the server runs.',
    need: 'nothing',
    answers: [text('It runs.')],
    problems: [],
  },
  'GET /readyz': {
    summary: 'Whether the swarm can be shown now.',
    need: 'nothing',
    answers: [
      text('It can.'),
      { status: 503, description: 'It cannot.', content: { type: 'text/plain', schema: 'text' } },
    ],
    problems: [],
    engine: 503,
  },
  'GET /metrics': {
    summary: 'Metrics for Prometheus.',
    need: 'read',
    answers: [
      text('In its text format.'),
      text('As OpenMetrics, for those who accept it.', 'application/openmetrics-text'),
    ],
    problems: [],
  },
};

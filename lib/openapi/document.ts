import { PROBLEM_STATUS, type ProblemKind } from '../api';
import { OPERATIONS, type Operation } from './operations';
import { componentSchemas, schemaRef, type JsonSchema } from './schemas';

/** What any request can be answered with before it reaches its route (server/). */
const OF_EVERY_REQUEST: readonly ProblemKind[] = [
  'bad-request',
  'other-origin',
  'unknown-host',
  'behind-proxy',
  'too-large',
  'busy',
  'restarting',
];
/** The statuses of these that differ from those of their kinds. */
const OTHER_STATUSES: readonly (readonly [number, ProblemKind])[] = [
  [408, 'bad-request'],
  [414, 'bad-request'],
  [431, 'too-large'],
];

const SIGN_IN: readonly ProblemKind[] = ['sign-in-required', 'wrong-password', 'too-many-tries'];
/** By what the sender needs. */
const OF_NEED: Readonly<Record<Operation['need'], readonly ProblemKind[]>> = {
  nothing: [],
  read: SIGN_IN,
  run: [...SIGN_IN, 'read-only', 'operator-required'],
  change: [...SIGN_IN, 'read-only', 'operator-required'],
};
const OF_ENGINE: readonly ProblemKind[] = [
  'socket-missing',
  'socket-permission',
  'engine-stopped',
  'engine-timeout',
  'not-an-engine',
  'tls',
  'ssh',
  'not-a-manager',
  'no-swarm',
  'swarm-locked',
  'no-quorum',
  'swarm-error',
  'swarm-certificate',
  'not-found',
  'conflict',
  'engine-refused',
  'engine-error',
];

export interface DocumentOptions {
  version: string;
  /** The setting MAX_REPLICAS. */
  maxReplicas: number;
  /** The path of a proxy below which the dashboard is reached: `/hat`, or empty. */
  prefix: string;
}

/** The OpenAPI 3.1 document of the API. */
export function openApiDocument({ version, maxReplicas, prefix }: DocumentOptions): JsonSchema {
  const paths: Record<string, JsonSchema> = {};
  for (const [name, operation] of Object.entries(OPERATIONS)) {
    const [method = '', path = ''] = name.split(' ');
    const own = { [method.toLowerCase()]: operationObject(name, operation) };
    const head = method === 'GET' ? { head: headObject(path, operation) } : {};
    const options = { options: optionsObject(path) };
    paths[path] = { ...options, ...paths[path], ...own, ...head };
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'ClusterHAT swarm dashboard',
      version,
      license: { name: 'MIT', identifier: 'MIT' },
      description:
        'Names in paths may be names or ids. Everything but GET, HEAD and OPTIONS is accepted from the dashboard’s own page and from programs, never from another site’s page. The cookie of a sign-in is for that page: programs send a token or a password.',
    },
    servers: [{ url: prefix || '/', description: 'Where this document comes from.' }],
    paths,
    components: {
      schemas: componentSchemas(maxReplicas),
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        password: { type: 'http', scheme: 'basic' },
      },
    },
  };
}

function operationObject(name: string, operation: Operation): JsonSchema {
  const { summary, need, body } = operation;
  const path = name.split(' ')[1] ?? '';
  const parameters = [
    ...[...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => ({
      name: parameter,
      in: 'path',
      required: true,
      schema: { type: 'string', minLength: 1 },
    })),
    ...(operation.query ?? []).map(({ name: parameter, required = false, ...rest }) => ({
      name: parameter,
      in: 'query',
      required,
      allowEmptyValue: true,
      ...rest,
    })),
    ...(operation.ifMatch
      ? [
          {
            name: 'If-Match',
            in: 'header',
            description: 'Only if the entity is still as it was with this ETag.',
            schema: { type: 'string' },
          },
        ]
      : []),
  ];
  return {
    operationId: operationId(name),
    summary,
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: {
        required: body.required,
        content: { 'application/json': { schema: schemaRef(body.schema) } },
      },
    }),
    responses: responsesOf(operation),
    // Reading is open to everyone unless the dashboard is closed, and changes on loopback are.
    security: need === 'nothing' ? [] : [{}, { token: [] }, { password: [] }],
  };
}

/** HEAD: the answer of GET without its content. */
function headObject(path: string, operation: Operation): JsonSchema {
  const summary = 'The status and headers of GET.';
  const { responses, ...object } = operationObject(`HEAD ${path}`, { ...operation, summary });
  const bare = Object.entries(responses as Record<string, { description: string }>).map(
    ([status, { description }]) => [status, { description }] as const,
  );
  return { ...object, responses: Object.fromEntries(bare) };
}

/** OPTIONS is answered by the server in front of the routes (server/limits/limits.ts), for everybody. */
function optionsObject(path: string): JsonSchema {
  const { responses, ...object } = operationObject(`OPTIONS ${path}`, {
    summary: 'Which methods this path has.',
    need: 'nothing',
    answers: [{ status: 204, description: 'They are in `Allow`.' }],
    // A name that no path can have.
    problems: path.includes('{') ? ['not-found'] : [],
  });
  const Allow = { description: 'GET, HEAD, OPTIONS', schema: { type: 'string' } };
  const given = responses as Record<number, JsonSchema>;
  return { ...object, responses: { ...given, 204: { ...given[204], headers: { Allow } } } };
}

/** `patchServicesName` */
function operationId(name: string): string {
  const words = name.toLowerCase().match(/[a-z]+/g) ?? [];
  return words
    .filter((word) => word !== 'api')
    .map((word, at) => (at === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('');
}

function responsesOf(operation: Operation): JsonSchema {
  const responses: Record<string, { description: string; content?: Record<string, JsonSchema> }> =
    {};
  for (const { status, description, content } of operation.answers) {
    const before = responses[status];
    const all = { ...before?.content };
    if (content) {
      const known = all[content.type];
      const schema = content.schema === 'text' ? { type: 'string' } : schemaRef(content.schema);
      all[content.type] = known ? { schema: { anyOf: [known['schema'], schema] } } : { schema };
    }
    responses[status] = {
      description: before ? `${before.description} ${description}` : description,
      ...(Object.keys(all).length > 0 && { content: all }),
    };
  }
  for (const [status, kinds] of problemsOf(operation)) {
    const before = responses[status];
    const words = kinds.map((kind) => `\`${kind}\``).join(', ');
    responses[status] = {
      description: before ? `${before.description} Or ${words}.` : `${words}.`,
      content: {
        ...before?.content,
        'application/problem+json': {
          schema: {
            allOf: [schemaRef('Problem'), { properties: { kind: { enum: kinds } } }],
          },
        },
      },
    };
  }
  return responses;
}

/** The kinds of problems of each status. */
function problemsOf({ need, problems, engine = false }: Operation): Map<number, ProblemKind[]> {
  const kinds = new Set([
    ...OF_EVERY_REQUEST,
    ...OF_NEED[need],
    ...problems,
    ...(engine === true ? OF_ENGINE : []),
  ]);
  const pairs = [
    ...[...kinds].map((kind) => [PROBLEM_STATUS[kind], kind] as const),
    ...OTHER_STATUSES,
    ...(typeof engine === 'number' ? OF_ENGINE.map((kind) => [engine, kind] as const) : []),
  ];
  const found = new Map<number, ProblemKind[]>();
  for (const [status, kind] of pairs) {
    found.set(status, [...new Set([...(found.get(status) ?? []), kind])]);
  }
  return new Map([...found].sort(([a], [b]) => a - b));
}

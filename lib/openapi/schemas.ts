import * as z from 'zod/mini';
import {
  accessSchema,
  answersSchema,
  drillRequestSchema,
  joinCommandSchema,
  liveMessageSchema,
  pastViewSchema,
  problemSchema,
  runsSchema,
  scaledSchema,
  scaleRequestSchema,
  signedInSchema,
  signInRequestSchema,
  swarmSchema,
  timelineNewsSchema,
} from '../api';
import { comparisonSchema } from '../curl/compare';
import { runRequestSchema, runSchema } from '../curl/run-schemas';
import { demoChangeSchema, demoStateSchema } from '../demo-control';
import { nodeDetailsSchema, taskDetailsSchema } from '../swarm/details';
import { logMessageSchema } from '../swarm/logs/messages';
import {
  createDryRunSchema,
  imageLookupRequestSchema,
  imageLookupSchema,
  inspectionSchema,
  joinRequestSchema,
  nodeChangedSchema,
  nodeDryRunSchema,
  nodeRemovedSchema,
  removeDryRunSchema,
  removeNodeDryRunSchema,
  restartDryRunSchema,
  rollbackDryRunSchema,
  serviceChangedSchema,
  serviceCreatedSchema,
  serviceDetailsSchema,
  serviceRemovedSchema,
  updateDryRunSchema,
} from '../swarm/spec/answers';
import { createServiceSchema, patchServiceSchema } from '../swarm/spec/form';
import { patchNodeSchema } from '../swarm/spec/node-form';
import { swarmViewSchema } from '../swarm/view';

/** A JSON Schema, as OpenAPI 3.1 has it. */
export type JsonSchema = Record<string, unknown>;

/** What requests may send, by the name in the document. */
const requests = (maxReplicas: number) => ({
  CreateService: createServiceSchema(maxReplicas),
  PatchService: patchServiceSchema(maxReplicas),
  ScaleRequest: scaleRequestSchema(maxReplicas),
  PatchNode: patchNodeSchema,
  ImageLookupRequest: imageLookupRequestSchema,
  JoinRequest: joinRequestSchema,
  RunRequest: runRequestSchema,
  DrillRequest: drillRequestSchema,
  SignInRequest: signInRequestSchema,
  DemoChange: demoChangeSchema,
});

/** What answers have. */
const RESPONSES = {
  OpenApi: z.record(z.string(), z.unknown()),
  Access: accessSchema,
  Comparison: comparisonSchema,
  CreateDryRun: createDryRunSchema,
  DemoState: demoStateSchema,
  ImageLookup: imageLookupSchema,
  Inspection: inspectionSchema,
  JoinCommand: joinCommandSchema,
  LiveMessage: liveMessageSchema,
  LogMessage: logMessageSchema,
  NodeChanged: nodeChangedSchema,
  NodeDetails: nodeDetailsSchema,
  NodeDryRun: nodeDryRunSchema,
  NodeRemoved: nodeRemovedSchema,
  PastView: pastViewSchema,
  Problem: problemSchema,
  RemoveDryRun: removeDryRunSchema,
  RemoveNodeDryRun: removeNodeDryRunSchema,
  RestartDryRun: restartDryRunSchema,
  RollbackDryRun: rollbackDryRunSchema,
  Run: runSchema,
  RunAnswers: answersSchema,
  Runs: runsSchema,
  Scaled: scaledSchema,
  ServiceChanged: serviceChangedSchema,
  ServiceCreated: serviceCreatedSchema,
  ServiceDetails: serviceDetailsSchema,
  ServiceRemoved: serviceRemovedSchema,
  SignedIn: signedInSchema,
  Swarm: swarmSchema,
  SwarmView: swarmViewSchema,
  TaskDetails: taskDetailsSchema,
  Timeline: timelineNewsSchema,
  UpdateDryRun: updateDryRunSchema,
};

export type RequestName = keyof ReturnType<typeof requests>;
export type ResponseName = keyof typeof RESPONSES;

/** Where a schema is in the document. */
export const schemaRef = (name: RequestName | ResponseName) => ({
  $ref: `#/components/schemas/${name}`,
});

/** All schemas of the document by their names, made of those that the routes parse with. */
export function componentSchemas(maxReplicas: number): Record<string, JsonSchema> {
  return {
    ...toSchemas(requests(maxReplicas), 'input'),
    ...toSchemas(RESPONSES, 'output'),
  };
}

function toSchemas(
  named: Record<string, z.core.$ZodType>,
  io: 'input' | 'output',
): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, {
    io,
    uri: (id) => `#/components/schemas/${id}`,
    // What a check or a transformation adds has no words in JSON Schema.
    unrepresentable: 'any',
  });
  const withoutOwn = (schema: JsonSchema) =>
    Object.fromEntries(
      Object.entries(schema).filter(([keyword]) => !['$schema', '$id'].includes(keyword)),
    );
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, withoutOwn(schema)]),
  );
}

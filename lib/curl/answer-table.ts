import * as z from 'zod/mini';
import { csvOf } from './csv';
import { answerSchema } from './run-schemas';

/** One answer as it is exported, with names in place of ids. */
export const answerRowSchema = z.extend(answerSchema, {
  /** The scheduled moment, in milliseconds since the epoch. */
  time: z.number(),
  entryNode: z.string(),
  /** What was sent as `X-Request-Id`. */
  requestId: z.string(),
  /** The task's name, such as `goweb.2`. */
  task: z.nullable(z.string()),
  slot: z.nullable(z.int()),
  /** The node that the task runs on. */
  node: z.nullable(z.string()),
  /** The image of the task's version, and the version's number in the run's `versions`, from 1. */
  image: z.nullable(z.string()),
  version: z.nullable(z.int()),
});
export type AnswerRow = z.infer<typeof answerRowSchema>;

/** The columns: their names and values. */
const COLUMNS: readonly [name: string, cell: (row: AnswerRow) => string | number | null][] = [
  ['n', (row) => row.n],
  ['time', (row) => new Date(row.time).toISOString()],
  ['at_ms', (row) => row.at],
  ['entry_node', (row) => row.entryNode],
  ['task', (row) => row.task],
  ['slot', (row) => row.slot],
  ['node', (row) => row.node],
  ['image', (row) => row.image],
  ['version', (row) => row.version],
  ['container', (row) => row.container],
  ['status', (row) => row.status],
  ['error', (row) => row.error],
  ['latency_ms', (row) => row.ms],
  ['lag_ms', (row) => row.lag],
  ['connect_ms', (row) => row.connectMs],
  ['first_byte_ms', (row) => row.firstByteMs],
  ['request_id', (row) => row.requestId],
];

/** The answers as CSV: a header, then one line per answer. */
export function answersCsv(rows: readonly AnswerRow[]): string {
  return csvOf(
    COLUMNS.map(([name]) => name),
    rows.map((row) => COLUMNS.map(([, cell]) => cell(row))),
  );
}

import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';

/**
 * What Grafana requires of a dashboard: the fields of `@grafana/schema` 13.2 that are not optional there,
 * for the kinds of panels that ours has; unknown fields of a panel are mistakes.
 */
const dataSource = z.strictObject({
  type: z.literal('prometheus'),
  uid: z.literal('${datasource}'),
});
const steps = z.array(z.strictObject({ color: z.string(), value: z.nullable(z.number()) }));
const fieldConfig = z.strictObject({
  defaults: z.strictObject({
    unit: z.enum(['short', 's', 'bytes', 'percentunit', 'reqps']),
    decimals: z.optional(z.int()),
    min: z.optional(z.number()),
    max: z.optional(z.number()),
    color: z.strictObject({ mode: z.enum(['thresholds', 'palette-classic']) }),
    thresholds: z.optional(z.strictObject({ mode: z.literal('absolute'), steps })),
    mappings: z.optional(z.array(z.looseObject({ type: z.literal('value') }))),
    custom: z.optional(z.looseObject({ drawStyle: z.literal('line') })),
  }),
  overrides: z.array(z.unknown()),
});
const gridPos = z.strictObject({
  x: z.int().check(z.minimum(0), z.maximum(23)),
  y: z.int().check(z.minimum(0)),
  w: z.int().check(z.minimum(1), z.maximum(24)),
  h: z.int().check(z.minimum(1)),
});
const common = { id: z.int(), title: z.string().check(z.minLength(1)), gridPos };
const target = z.strictObject({
  refId: z.string().check(z.regex(/^[A-Z]$/)),
  datasource: dataSource,
  expr: z.string().check(z.minLength(1)),
  legendFormat: z.string(),
  range: z.boolean(),
  instant: z.boolean(),
  editorMode: z.literal('code'),
});
const dataPanel = {
  ...common,
  description: z.optional(z.string()),
  datasource: dataSource,
  fieldConfig,
  targets: z.array(target).check(z.minLength(1)),
};
const panelSchema = z.discriminatedUnion('type', [
  z.strictObject({
    ...common,
    type: z.literal('row'),
    collapsed: z.boolean(),
    panels: z.array(z.unknown()),
  }),
  z.strictObject({
    ...dataPanel,
    type: z.literal('stat'),
    options: z.looseObject({ reduceOptions: z.looseObject({ calcs: z.array(z.string()) }) }),
  }),
  z.strictObject({
    ...dataPanel,
    type: z.literal('timeseries'),
    options: z.strictObject({
      legend: z.looseObject({ showLegend: z.boolean() }),
      tooltip: z.looseObject({ mode: z.literal('multi') }),
    }),
  }),
]);
const dashboardSchema = z.looseObject({
  uid: z.string().check(z.regex(/^[\w-]{1,40}$/)),
  title: z.string().check(z.minLength(1)),
  schemaVersion: z.int().check(z.minimum(36)),
  editable: z.boolean(),
  time: z.strictObject({ from: z.string(), to: z.string() }),
  templating: z.strictObject({
    list: z.array(
      z.looseObject({
        name: z.string(),
        type: z.enum(['datasource', 'query']),
        current: z.looseObject({ text: z.string(), value: z.string() }),
      }),
    ),
  }),
  panels: z.array(panelSchema).check(z.minLength(1)),
});

/** deploy/grafana-dashboard.json; throws where Grafana would not load it or would ignore a field. */
export function readDashboard(): z.infer<typeof dashboardSchema> {
  return dashboardSchema.parse(JSON.parse(readFileSync('deploy/grafana-dashboard.json', 'utf8')));
}

/** Its queries, each with the panel's title, with Grafana's variables filled in. */
export function queriesOf({ panels }: z.infer<typeof dashboardSchema>): [string, string][] {
  return panels.flatMap((panel) =>
    panel.type === 'row'
      ? []
      : panel.targets.map(({ expr }): [string, string] => [
          panel.title,
          expr.replaceAll('$instance', '.*').replaceAll('$__rate_interval', '1m'),
        ]),
  );
}

import type { Swimlane } from './swimlane-chart';

/** Above the lanes: the time axis and the flags of services (px). */
export const AXIS = 40;
/** Where those flags stand. */
export const FLAGS_Y = 28;
/** A lane's inner edge, and the room between two rows (px). */
export const PAD = 5;
export const ROW_GAP = 2;

/** Where a lane stands in the chart (px). */
export interface LanePlace {
  y: number;
  height: number;
  /** Height of one row's bar. */
  bar: number;
}

/** The more rows a lane has the thinner they are, so that no lane takes over the chart. */
function barHeight(rows: number): number {
  return rows <= 2 ? 16 : rows <= 5 ? 13 : 9;
}

/** The lanes' places, one under the other. */
export function placesOf(lanes: readonly Swimlane[]): LanePlace[] {
  let y = AXIS;
  return lanes.map(({ rows }) => {
    const bar = barHeight(rows);
    const height = 2 * PAD + rows * (bar + ROW_GAP) - ROW_GAP;
    const place = { y, height, bar };
    y += height;
    return place;
  });
}

/** The whole chart's height. */
export function heightOf(lanes: readonly Swimlane[]): number {
  const last = placesOf(lanes).at(-1);
  return last ? last.y + last.height : AXIS + 40;
}

/** A row's upper edge within its lane. */
export function rowY(row: number, { bar }: LanePlace): number {
  return PAD + row * (bar + ROW_GAP);
}

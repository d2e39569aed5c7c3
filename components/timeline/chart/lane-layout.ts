import type { Lane } from './lane';

/** Height of the area above the lanes: time axis and flags of services (px). */
export const AXIS_HEIGHT = 40;
/** Where those flags are drawn (px). */
export const FLAGS_Y = 28;
const LANE_PADDING = 5;
const ROW_GAP = 2;
const EMPTY_HEIGHT = 40;

/** Where a lane is drawn (px). */
export interface LaneBox {
  y: number;
  height: number;
  /** Height of a bar. */
  bar: number;
}

/** The more rows a lane has, the thinner its bars, so that no lane fills the chart. */
function barHeight(rows: number): number {
  return rows <= 2 ? 16 : rows <= 5 ? 13 : 9;
}

/** The lanes' boxes, stacked below the axis. */
export function laneBoxes(lanes: readonly Lane[]): LaneBox[] {
  let y = AXIS_HEIGHT;
  return lanes.map(({ rows }) => {
    const bar = barHeight(rows);
    const height = 2 * LANE_PADDING + rows * (bar + ROW_GAP) - ROW_GAP;
    const box = { y, height, bar };
    y += height;
    return box;
  });
}

export function chartHeight(boxes: readonly LaneBox[]): number {
  const last = boxes.at(-1);
  return last ? last.y + last.height : AXIS_HEIGHT + EMPTY_HEIGHT;
}

/** The top of a row, relative to its lane. */
export function rowTop(row: number, { bar }: LaneBox): number {
  return LANE_PADDING + row * (bar + ROW_GAP);
}

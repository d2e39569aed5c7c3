/** Length of the part of the timeline that every page receives (ms). Apart, as the page must not load the recorder's schemas. */
export const TIMELINE_MS = 60 * 60_000;

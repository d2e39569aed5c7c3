import { onTestFinished } from 'vitest';

/** A function that registers a cleanup. */
export type OnEnd = (end: () => unknown) => void;

/** Registers a cleanup at the end of the test. */
export const withTest: OnEnd = (end) => onTestFinished(async () => void (await end()));

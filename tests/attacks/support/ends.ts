import { onTestFinished } from 'vitest';

/** Takes what ends a thing that was started. */
export type OnEnd = (end: () => unknown) => void;

/** Ends it with the test that started it. */
export const withTest: OnEnd = (end) => onTestFinished(async () => void (await end()));

/** Names this build; next.config.js sets it. A tab that hears another one is old. */
export const BUILD: string = process.env.CLUSTERHAT_BUILD ?? 'unknown';

/** Names this build; next.config.js sets it. A tab that hears another one is old. */
export const BUILD: string = process.env.CLUSTERHAT_BUILD ?? 'unknown';

/** The release, as package.json has it; next.config.js sets it. */
export const VERSION: string = process.env.CLUSTERHAT_VERSION ?? 'unknown';

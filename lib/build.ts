/** The id of this build, set by next.config.js. A tab that receives another one is outdated. */
export const BUILD: string = process.env.CLUSTERHAT_BUILD ?? 'unknown';

/** The version in package.json, set by next.config.js. */
export const VERSION: string = process.env.CLUSTERHAT_VERSION ?? 'unknown';

/** Identifies this build; next.config.js sets it. A page that receives another one is outdated. */
export const BUILD: string = process.env.CLUSTERHAT_BUILD ?? 'unknown';

/** Response header of the API with the server's build, set in next.config.js. */
export const BUILD_HEADER = 'x-clusterhat-build';

/** The release, as package.json has it; next.config.js sets it. */
export const VERSION: string = process.env.CLUSTERHAT_VERSION ?? 'unknown';

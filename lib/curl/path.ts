/** Maximum length of a request path. */
export const PATH_LENGTH = 200;

/** One slash first, only visible ASCII characters, no fragment. */
const PATTERN = /^\/(?!\/)[\x21\x22\x24-\x7e]*$/;

/** Whether a path may be requested. */
export function isPath(path: string): boolean {
  return path.length <= PATH_LENGTH && PATTERN.test(path);
}

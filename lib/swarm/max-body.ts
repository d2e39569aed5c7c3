/** The longest request body that is accepted (bytes), except of forms. */
export const MAX_BODY = 10_000;

/**
 * The longest form of a service or a node, in characters of its JSON: a hundred values of one list can have 4,096 each, and
 * every task of a service has a copy of its spec.
 */
export const MAX_FORM = 65_536;

/** JSON may write each character as `\u0041`. */
const LONGEST_CHARACTER = 6;

/** The longest body of a request with such a form (bytes): the longest form fits, however its JSON is written. */
export const MAX_FORM_BODY = LONGEST_CHARACTER * MAX_FORM;

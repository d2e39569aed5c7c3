/** Roles, each with more rights than the one before; `none` may not read. */
export const ROLES = ['none', 'reader', 'guest', 'operator'] as const;
export type Role = (typeof ROLES)[number];

/** Whether `role` may do all that `least` may. */
export function isAtLeast(role: Role, least: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(least);
}

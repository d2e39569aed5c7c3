import type { RequestedWords } from './requested';

/** What was requested of a service whose version was `before`, by the name of the action: `Requested: roll back.` */
export function requestedChange(label: string, id: string, before: number): RequestedWords {
  return ({ services }) =>
    services.some((one) => one.id === id && one.version === before)
      ? `Requested: ${label.toLowerCase()}.`
      : null;
}

/** The problem of an answer that is not the dashboard's own; `known`: what is known about it. */
export function alteredAnswer(known: string) {
  return {
    kind: 'altered-answer',
    detail: known,
    next: 'Check what is between this browser and the dashboard, such as a proxy.',
  } as const;
}

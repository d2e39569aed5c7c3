/** How the engine answers: as it should, or in one of the ways in which answers go wrong. */
export const ANSWERS = [
  'normal',
  'error-500',
  'error-503',
  'half-json',
  'nothing',
  /** Pings and `/info` are answered, the swarm's calls are not: as without quorum, for 20 s. */
  'swarm-silent',
] as const;
export type AnswerMode = (typeof ANSWERS)[number];

/** What the engine is in the swarm's eyes. Everything but `manager` refuses the swarm's calls. */
export const ROLES = ['manager', 'worker', 'no-swarm', 'locked', 'no-quorum'] as const;
export type EngineRole = (typeof ROLES)[number];

/** One way in which an image goes wrong: it can not be pulled, or its process ends. */
export interface ImageFault {
  pull?: boolean | undefined;
  exit?: { code: number; afterMs: number } | undefined;
}

/** Which faults are on. Those of nodes (power, link, clock) live with the nodes. */
export class Faults {
  answer: AnswerMode = 'normal';
  role: EngineRole = 'manager';
  latencyMs = 0;
  readonly images = new Map<string, ImageFault>();

  /** Whether pulls of this image fail. */
  pullFails(reference: string): boolean {
    return this.of(reference)?.pull === true;
  }

  /** How the image's process ends by itself, if it does. */
  exitOf(reference: string): { code: number; afterMs: number } | undefined {
    return this.of(reference)?.exit;
  }

  /** Everything as it should be again. */
  reset(): void {
    this.answer = 'normal';
    this.role = 'manager';
    this.latencyMs = 0;
    this.images.clear();
  }

  private of(reference: string): ImageFault | undefined {
    return this.images.get(reference.replace(/@.*$/, ''));
  }
}

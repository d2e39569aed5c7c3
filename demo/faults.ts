import type { EngineResponse, EngineRole } from '@/lib/demo-control';

/** One way in which an image goes wrong: it can not be pulled, or its process ends. */
export interface ImageFault {
  pull?: boolean | undefined;
  exit?: { code: number; afterMs: number } | undefined;
}

/** Which faults are on. Those of nodes (power, link, clock) live with the nodes. */
export class Faults {
  answer: EngineResponse = 'normal';
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

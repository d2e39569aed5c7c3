import type { EngineResponse, EngineRole } from '@/lib/demo-control';

/** A fault of an image: it cannot be pulled, or its process ends. */
export interface ImageFault {
  pull?: boolean | undefined;
  exit?: { code: number; afterMs: number } | undefined;
}

/** The active faults, except those of nodes (power, link, clock), which the control endpoint and the agents hold. */
export class Faults {
  answer: EngineResponse = 'normal';
  role: EngineRole = 'manager';
  latencyMs = 0;
  readonly images = new Map<string, ImageFault>();

  /** Whether pulls of this image fail. */
  pullFails(reference: string): boolean {
    return this.of(reference)?.pull === true;
  }

  /** How the image's process ends by itself because of a fault, if it does. */
  exitOf(reference: string): { code: number; afterMs: number } | undefined {
    return this.of(reference)?.exit;
  }

  /** Ends all faults. */
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

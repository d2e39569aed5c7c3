import { logRefused, type RefusedRequest } from '../log';
import { countRefused } from './counters';

/** Counts a refused request for `/metrics`, and logs it. */
export function recordRefused(refused: RefusedRequest): void {
  countRefused(refused.kind);
  logRefused(refused);
}

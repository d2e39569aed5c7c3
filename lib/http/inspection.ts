import { stringifyLossless } from '../swarm/lossless-json';
import type { Inspection, ServiceDetails } from '../swarm/spec/answers';

/** The answer with what the engine has of an entity, its integers as the engine wrote them. */
export function inspectionResponse(
  body: Inspection | Record<keyof ServiceDetails, unknown>,
  headers?: Record<string, string>,
): Response {
  return new Response(stringifyLossless(body), {
    headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...headers },
  });
}

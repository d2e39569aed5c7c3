import { changeRefusal, switchesOf, type Change } from '../swarm/refusals';
import { EngineError, isRefusal } from './errors';

/**
 * Makes one call of a change: `read`, which reads what is to be changed, or `write`. The error of a refusal names the
 * switches of a socket proxy that allow it.
 */
export async function namingSwitches<T>(
  change: Change,
  call: 'read' | 'write',
  make: () => Promise<T>,
): Promise<T> {
  try {
    return await make();
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const switches = switchesOf(change, error.message, call === 'read');
    const { detail, next } = changeRefusal(change, switches);
    // An error without advice has the text of the proxy or of an engine's plugin.
    const words = error.next === undefined ? ` Its answer: ${error.message}` : '';
    throw new EngineError('engine-refused', detail + words, next, {
      cause: error,
      refused: { change, switches },
    });
  }
}

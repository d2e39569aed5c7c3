import type { Readable } from 'node:stream';
import { tooLarge } from './foreign-answers';

/** An event has some hundred bytes. */
export const MAX_LINE = 1_000_000;

/**
 * The lines of a stream until it ends, however it does; a last line without its end is left out.
 * Throws an `EngineError` for a line of more than `MAX_LINE` characters, and ends the stream;
 * `readline` would keep the whole of it.
 */
export async function* linesOf(stream: Readable): AsyncGenerator<string> {
  let line = '';
  stream.setEncoding('utf8');
  for await (const chunk of untilItEnds(stream)) {
    let begin = 0;
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', begin)) {
      yield line + chunk.slice(begin, end);
      line = '';
      begin = end + 1;
    }
    line += chunk.slice(begin);
    if (line.length > MAX_LINE) throw tooLarge(MAX_LINE);
  }
}

/** A connection that breaks, or is ended by a signal, is an end like every other. */
async function* untilItEnds(stream: Readable): AsyncGenerator<string> {
  try {
    for await (const chunk of stream) yield chunk as string;
  } catch {
    // What is wrong with the engine shows at the next call.
  }
}

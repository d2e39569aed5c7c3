import type { Readable } from 'node:stream';
import { tooLarge } from './foreign-answers';

/** Maximum length of a line (characters); an event has some hundred. */
export const MAX_LINE = 1_000_000;

/**
 * The lines of a stream until it ends or breaks, without an incomplete last line. Throws an `EngineError` for a
 * line of more than `MAX_LINE` characters, and ends the stream; `readline` would buffer all of it.
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

/** Treats a connection that breaks, or is aborted, as the end of the stream. */
async function* untilItEnds(stream: Readable): AsyncGenerator<string> {
  try {
    for await (const chunk of stream) yield chunk as string;
  } catch {
    // The next call reports what is wrong with the engine.
  }
}

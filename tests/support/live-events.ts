import { EventSourceParserStream, type EventSourceMessage } from 'eventsource-parser/stream';

/** The events of the live stream of the dashboard at `url`, until it ends or `signal` aborts. */
export async function* liveEvents(
  url: string,
  signal: AbortSignal,
): AsyncGenerator<EventSourceMessage> {
  const { body } = await fetch(`${url}/api/live`, { signal });
  if (!body) return;
  yield* body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
}

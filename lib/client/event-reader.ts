/** One message of a stream of server-sent events. */
export interface StreamEvent {
  /** Empty without one. */
  event: string;
  data: string;
  /** What a client that reconnects sends as Last-Event-ID; null: the message has none. */
  id: string | null;
}

/**
 * Returns a function that takes the next piece of an event stream's text and returns the messages that are complete with
 * it. For streams that are read with `fetch`, as an EventSource does not expose why the server refuses it.
 */
export function createEventReader(): (piece: string) => StreamEvent[] {
  let rest = '';
  return (piece) => {
    const parts = (rest + piece).split('\n\n');
    rest = parts.pop() ?? '';
    return parts.flatMap((part) => messageOf(part) ?? []);
  };
}

function messageOf(text: string): StreamEvent | null {
  const data: string[] = [];
  let event = '';
  let id: string | null = null;
  for (const line of text.split('\n')) {
    const [, name = '', value = ''] = /^([a-z]+): ?(.*)$/s.exec(line) ?? [];
    if (name === 'data') data.push(value);
    else if (name === 'event') event = value;
    else if (name === 'id') id = value;
  }
  return data.length > 0 ? { event, data: data.join('\n'), id } : null;
}

import { openStream } from './stream';
import { createHub } from './stream-hub';
import type { PageMessage, WorkerMessage } from './shared-messages';

/** The shared worker's script, a file of its own (scripts/lib/build.mjs): `_next/static/live-BUILD.js`. */

const url = new URL('../../api/live', location.href).href;
const hub = createHub((events, isSeen) => openStream(url, events, isSeen));

addEventListener('connect', (event) => {
  const [port] = (event as MessageEvent).ports;
  if (!port) return;
  const receive = hub.join((message: WorkerMessage) => port.postMessage(message));
  port.addEventListener('message', ({ data }: MessageEvent<PageMessage>) => receive(data));
  // A page that has crashed: newer browsers only.
  port.addEventListener('close', () => receive('closed'));
  port.start();
});

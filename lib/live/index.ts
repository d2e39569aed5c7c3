import { countedEngine, dockerEngine, type Engine } from '../engine';
import { ChangeRefusals } from '../engine/change-refusals';
import { countEngineCall } from '../observe/counters';
import { getSettings } from '../settings';
import { Feed } from './feed';
import { zlibCodec } from './zlib-codec';

export { Feed } from './feed';
export {
  closeStreams,
  encodeMessage,
  SSE_HEADERS,
  sseStream,
  streamCount,
  streamsClosed,
  streamsFull,
  type Source,
  type StreamEnds,
} from './sse';
export { SCRAPE_MAX_AGE_MS, whyNotReady } from './ready';
export {
  firstView,
  readLatestView,
  readView,
  statusOf,
  statusSource,
  timelineSource,
  viewSource,
} from './feed-sources';

const ENGINE = Symbol.for('clusterhat.engine');
const FEED = Symbol.for('clusterhat.feed');
const REFUSALS = Symbol.for('clusterhat.change-refusals');
// A page and a route can get different instances of a module: what must exist once per process is here.
const scope = globalThis as { [ENGINE]?: Engine; [FEED]?: Feed; [REFUSALS]?: ChangeRefusals };

function changeRefusals(): ChangeRefusals {
  scope[REFUSALS] ??= new ChangeRefusals();
  return scope[REFUSALS];
}

/** The process's connection to Docker. */
export function getEngine(): Engine {
  scope[ENGINE] ??= changeRefusals().watch(
    countedEngine(dockerEngine(getSettings().engine), countEngineCall),
  );
  return scope[ENGINE];
}

/** The process's only poller, which keeps the history. */
export function getFeed(): Feed {
  const { hat, echoService } = getSettings();
  scope[FEED] ??= new Feed(getEngine(), {
    hat,
    echoService,
    changeRefusals: changeRefusals(),
    codec: zlibCodec,
  });
  return scope[FEED];
}

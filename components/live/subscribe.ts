import type { ScopedMutator } from 'swr';
import type { LiveMessage, Status } from '@/lib/api';
import { setServerClock } from './clock';
import { hit } from './hits';
import { keepSame } from './keep-same';
import { KEYS, type Build, type Health, type Link, type LiveRun, type Picture } from './keys';
import { openStream } from './stream';

/** How many answers of a run the browser keeps: as many as the latency chart draws. */
const ANSWERS = 600;

/**
 * Brings `/api/live` into the SWR cache until the returned function is called. The schemas (and
 * with them zod) are loaded beside the first message, not with the page.
 */
export function subscribeLive(mutate: ScopedMutator): () => void {
  let closed = false;
  const put = <T>(key: string, change: (before: T | undefined) => T) => {
    void mutate<T>(key, (before) => (closed ? before : keepSame(before, change(before))), {
      revalidate: false,
    });
  };

  const take = (message: LiveMessage) => {
    switch (message.kind) {
      case 'hello':
        put(KEYS.access, () => message.access);
        put<Build>(KEYS.build, (before) => ({
          first: before?.first ?? message.build,
          now: message.build,
        }));
        break;
      case 'view':
        put(KEYS.view, () => message.view);
        break;
      case 'status':
        setServerClock(message.status.now);
        put(KEYS.health, () => healthOf(message.status));
        put(KEYS.picture, () => pictureOf(message.status));
        break;
      case 'run':
        put<LiveRun>(KEYS.run, (before) => addAnswers(before, message));
        if (!message.reset) hit(message.answers.flatMap(({ taskId }) => taskId ?? []));
        break;
    }
  };

  const read = async (text: string) => {
    const { liveMessageSchema } = await import('@/lib/api');
    const message = liveMessageSchema.parse(JSON.parse(text));
    if (!closed) take(message);
  };
  // One after the other: the first waits for the schemas, and order matters.
  let queue = Promise.resolve();
  let link: Link = 'connecting';
  const close = openStream('/api/live', {
    message: (text) => {
      queue = queue
        .then(() => read(text))
        .catch((error: unknown) => console.error('A live message could not be read', error));
    },
    link: (next) => {
      if (next === link) return;
      link = next;
      put<Link>(KEYS.link, () => next);
    },
  });
  return () => {
    closed = true;
    close();
  };
}

/** The run with what is new in it; `reset` or another run's id starts over. */
export function addAnswers(
  before: LiveRun | undefined,
  { run, answers, reset }: Pick<Extract<LiveMessage, { kind: 'run' }>, 'run' | 'answers' | 'reset'>,
): LiveRun {
  const kept = !reset && before?.run.id === run.id ? before.answers : [];
  return { run, answers: [...kept, ...answers].slice(-ANSWERS) };
}

/** The part of a status that most components care for. */
export function healthOf({ state, problem }: Status): Health {
  return { state, problem };
}

/** The part of a status that tells the picture's age. */
export function pictureOf({ at, now }: Status): Picture {
  return { at, now };
}

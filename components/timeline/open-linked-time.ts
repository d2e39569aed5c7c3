import { serverNow } from '@/lib/client/clock';
import { clockTime } from '@/lib/swarm/duration';
import { reportLinkProblem } from '../link/link-problems';
import { linkedTime } from './linked-time';
import { timeTravel } from './time-travel';

/** A link from a machine whose clock is this far ahead still shows the latest board (ms). */
const AHEAD_MS = 60_000;

/** Shows the board at the time of a link, or reports why it cannot. */
export function openLinkedTime(text: string) {
  const at = linkedTime(text);
  if (at === null || at > serverNow() + AHEAD_MS)
    return fail(`Link has invalid time=${text.slice(0, 40)}; showing now.`);
  const stop = timeTravel.subscribe(() => {
    const { at: shown, viewAt, problem } = timeTravel.get();
    if (shown === at && viewAt === null && !problem) return;
    stop();
    if (shown !== at || !problem) return;
    fail(`The link's time, ${clockTime(at)}, cannot be shown. ${problem.detail} Showing now.`);
  });
  timeTravel.goTo(at, serverNow());
}

function fail(words: string) {
  reportLinkProblem(words);
  timeTravel.backToNow();
}

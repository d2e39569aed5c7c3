/**
 * Node accepts one connection in each turn of its event loop. While a flood of them waits to be accepted,
 * a loop that does anything else in between would keep everybody in that queue for seconds: so nothing
 * expensive is started until a turn has brought no new connection.
 */

/** The longest that something expensive is put off (ms): then it is started all the same. */
const PUT_OFF_MS = 250;

/** Connections accepted so far. */
let accepted = 0;

/** A connection was accepted. */
export function noteAccepted(): void {
  accepted++;
}

/** Calls `then` after a whole turn of the event loop in which no connection was accepted, or after 250 ms. */
export function whenAccepted(then: () => void): void {
  const until = performance.now() + PUT_OFF_MS;
  // Of the turn that is under way nobody knows whether it has accepted one already.
  let before = Number.NaN;
  const look = () => {
    if (accepted === before || performance.now() > until) return then();
    before = accepted;
    setImmediate(look);
  };
  setImmediate(look);
}

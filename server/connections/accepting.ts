/**
 * Node accepts one connection in each turn of its event loop. During a flood of connections, other work in
 * between would keep all clients in that queue for seconds: so nothing expensive is started until a turn has
 * accepted no new connection.
 */

/** Maximum delay of expensive work (ms). */
const PUT_OFF_MS = 250;

/** Connections accepted so far. */
let accepted = 0;

/** Called for each accepted connection. */
export function noteAccepted(): void {
  accepted++;
}

/** Calls `then` after a whole turn of the event loop in which no connection was accepted, or after 250 ms. */
export function whenAccepted(then: () => void): void {
  const until = performance.now() + PUT_OFF_MS;
  // The current turn may have accepted one already, so it does not count.
  let before = Number.NaN;
  const look = () => {
    if (accepted === before || performance.now() > until) return then();
    before = accepted;
    setImmediate(look);
  };
  setImmediate(look);
}

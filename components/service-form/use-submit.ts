import { useEffect, useState } from 'react';

/**
 * Sends a form once the server has checked it as it is: somebody who types and presses Enter sees at its field what would
 * be refused, and sends nothing.
 */
export function useSubmit({
  body,
  isChecked,
  isRefused,
  isBlocked,
  send,
  showErrors,
}: {
  /** What would be sent; null while something is wrong. */
  body: string | null;
  /** Whether the server's check is of this body. */
  isChecked: boolean;
  /** Whether it says that swarm would refuse it. */
  isRefused: boolean;
  /** Whether this viewer cannot change the swarm now. */
  isBlocked: boolean;
  send: () => void;
  showErrors: () => void;
}) {
  const [asked, setAsked] = useState<string | null>(null);
  // An edit after the click takes it back.
  const isWaiting = asked !== null && asked === body && !isBlocked;
  useEffect(() => {
    if (asked === null || (isWaiting && !isChecked)) return;
    setAsked(null);
    if (!isWaiting) return;
    if (isRefused) showErrors();
    else send();
    // Both are of the last render.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [asked, isWaiting, isChecked, isRefused]);
  return {
    isWaiting,
    submit: () => {
      if (body === null) showErrors();
      else setAsked(body);
    },
  };
}

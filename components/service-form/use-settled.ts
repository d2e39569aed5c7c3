import { useEffect, useState } from 'react';

/** A text once it has not changed for a while (ms). */
export function useSettled(text: string | null, delay = 350): string | null {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    if (text === settled) return undefined;
    const timer = setTimeout(() => setSettled(text), delay);
    return () => clearTimeout(timer);
  }, [text, settled, delay]);
  return settled;
}

/** The latest text that there was. */
export function useLast(text: string | null): string | null {
  const [last, setLast] = useState(text);
  if (text !== null && text !== last) setLast(text);
  return text ?? last;
}

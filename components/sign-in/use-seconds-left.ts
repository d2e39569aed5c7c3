import { useEffect, useState } from 'react';

/** A countdown in seconds, and a function that starts it. */
export function useSecondsLeft(): readonly [left: number, wait: (seconds: number) => void] {
  const [until, setUntil] = useState(0);
  const [left, setLeft] = useState(0);
  useEffect(() => {
    const count = () => setLeft(Math.max(0, Math.ceil((until - performance.now()) / 1000)));
    count();
    if (until <= performance.now()) return undefined;
    const timer = setInterval(count, 1000);
    return () => clearInterval(timer);
  }, [until]);
  return [left, (seconds) => setUntil(performance.now() + seconds * 1000)];
}

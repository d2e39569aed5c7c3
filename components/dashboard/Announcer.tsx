'use client';

import { useEffect, useRef, useState } from 'react';
import { useConnection, useView } from '@/lib/client/hooks';
import { LiveRegion } from '../ui/LiveRegion';
import { announcement, announcedState } from './announce';

/** Announces to screen readers when services converge and when the page goes stale or recovers. */
export function Announcer() {
  const connection = useConnection();
  const view = useView();
  const before = useRef(announcedState(connection, view));
  const [announced, setText] = useState('');
  useEffect(() => {
    const now = announcedState(connection, view);
    const text = announcement(before.current, now, connection.problem);
    // `connecting` and `reconnecting` are not announced, so they are not compared with either.
    if (now.state === 'live' || now.state === 'stale') before.current = now;
    if (text) setText(text);
  }, [connection, view]);
  return <LiveRegion text={announced} />;
}

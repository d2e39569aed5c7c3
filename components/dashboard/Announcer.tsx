'use client';

import { useEffect, useRef, useState } from 'react';
import { useConnection, useView } from '@/lib/client/hooks';
import { LiveRegion } from '../ui/LiveRegion';
import { announcement, heard } from './announce';

/** Tells screen readers when services converge and when the picture goes stale or comes back. */
export function Announcer() {
  const connection = useConnection();
  const view = useView();
  const before = useRef(heard(connection, view));
  const [text, setText] = useState('');
  useEffect(() => {
    const now = heard(connection, view);
    const news = announcement(before.current, now, connection.problem);
    // Between two pictures the state may flicker; only what was said counts as heard.
    if (now.state === 'live' || now.state === 'stale') before.current = now;
    if (news) setText(news);
  }, [connection, view]);
  return <LiveRegion text={text} />;
}

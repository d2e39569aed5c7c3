'use client';

import { useEffect } from 'react';
import { readParameter } from '@/lib/client/page-address';
import { Details } from '../details/Details';
import { useCallOuts } from '../guide/first-visit';
import { useLinkProblems } from '../link/link-problems';
import { lazyPart } from '../ui/lazy-part';
import { Announcer } from './Announcer';

const Guide = lazyPart(() => import('../guide/Guide').then((part) => part.Guide));
const LinkNote = lazyPart(() => import('../link/LinkNote').then((part) => part.LinkNote));

/** What has no place in the page's layout: announcements, what a link cannot show, the details of a task or node, the first visit's call-outs. */
export function Overlays() {
  const callOuts = useCallOuts();
  const problems = useLinkProblems();
  useEffect(openLinkedTime, []);
  return (
    <>
      <Announcer />
      <Details />
      {problems[0] && <LinkNote problems={problems} />}
      {callOuts && <Guide />}
    </>
  );
}

/** Shows the board at the time of the page's address. */
function openLinkedTime() {
  const time = readParameter('time');
  if (time === null) return;
  void import('../timeline/open-linked-time').then((part) => part.openLinkedTime(time));
}

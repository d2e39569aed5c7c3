'use client';

import { useEffect } from 'react';
import { readParameter } from '@/lib/client/page-address';
import { useAction } from '../actions/action-store';
import { Details } from '../details/Details';
import { useCallOuts } from '../guide/first-visit';
import { useLinkProblems } from '../link/link-problems';
import { lazyPart } from '../ui/lazy-part';
import { Announcer } from './Announcer';

const Actions = lazyPart(() => import('../actions/Actions').then((part) => part.Actions));
const Guide = lazyPart(() => import('../guide/Guide').then((part) => part.Guide));
const LinkNote = lazyPart(() => import('../link/LinkNote').then((part) => part.LinkNote));

/** What has no place in the page's layout: announcements, what a link cannot show, the details of a task or node, the dialogs of actions, the first visit's call-outs. */
export function Overlays() {
  const callOuts = useCallOuts();
  const action = useAction();
  const problems = useLinkProblems();
  useEffect(openLinkedTime, []);
  return (
    <>
      <Announcer />
      <Details />
      {action !== undefined && <Actions action={action} />}
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

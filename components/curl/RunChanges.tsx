'use client';

import { memo } from 'react';
import type { Mark, Run } from '@/lib/curl/run';
import { storyOf } from '@/lib/curl/story';
import { clockTime } from '@/lib/swarm/duration';
import { costWords } from './words';
import { Scroller } from '../ui/Scroller';
import { Tag } from '../ui/Tag';
import { Term } from '../ui/Term';

/** Changes of the swarm during a run and what each cost; after the run also as one paragraph. */
export const RunChanges = memo(function RunChanges({
  marks,
  drill,
  sent,
  rollouts,
  entries,
}: Pick<Run, 'marks' | 'drill' | 'sent' | 'rollouts'> & {
  /** Once the run has ended. */
  entries: Run['entries'] | null;
}) {
  if (marks.length === 0 && drill?.state !== 'failed') return null;
  const story =
    entries || drill?.state === 'failed'
      ? storyOf({ marks, drill, sent, rollouts, entries: entries ?? [] }, clockTime)
      : '';
  return (
    <section aria-label="Changes during this run" className="mt-4">
      <h4 className="mb-2 text-xs text-dim">Changes during this run</h4>
      {story && (
        <Scroller
          label="What happened"
          className="mb-3 max-h-46 max-w-prose rounded-lg border border-accent-line px-4 py-3 text-[15px] leading-relaxed min-[60rem]:text-[13px]"
        >
          <p>{story}</p>
        </Scroller>
      )}
      <Scroller label="List of changes" className="max-h-44 text-[13px]">
        <ol>
          {marks.map((mark, index) => (
            <Change key={`${mark.at}:${mark.text}`} number={index + 1} mark={mark} />
          ))}
        </ol>
      </Scroller>
    </section>
  );
});

const Change = memo(function Change({ number, mark }: { number: number; mark: Mark }) {
  return (
    <li className="flex gap-2.5 border-b border-line py-1.5">
      <span
        aria-hidden
        className="mt-0.5 h-4 min-w-4 shrink-0 rounded bg-accent px-1 text-center text-[10px] leading-4 font-bold text-panel"
      >
        {number}
      </span>
      <span className="min-w-0 flex-1">
        <time className="text-dim" dateTime={new Date(mark.time).toISOString()}>
          {clockTime(mark.time)}
        </time>{' '}
        {mark.text}
        {mark.drill && (
          <Tag className="ml-2">
            <Term id="drill">drill</Term>
          </Tag>
        )}
        <span className={`block text-xs ${mark.cost.lost > 0 ? 'text-bad' : 'text-dim'}`}>
          {costWords(mark)}
        </span>
      </span>
    </li>
  );
});

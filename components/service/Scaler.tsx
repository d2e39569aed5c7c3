'use client';

import { useId, useState, type ReactNode } from 'react';
import type { ServiceView } from '@/lib/swarm/view';
import { BlockNote, useBlock } from '../ui/Blocked';
import { Button } from '../ui/Button';
import { Help } from '../ui/Help';
import { Prose } from '../ui/Prose';
import { readReplicas } from './replicas';
import type { Scale } from './use-scale';

/** As `MAX_REPLICAS` of lib/api.ts, whose module would bring zod into the first load. */
const MAX = 100;
const PRESETS = [1, 3, 5, 10];

/** − number + and presets. The number is a field: what is typed counts when Enter is pressed. */
export function Scaler({ service, scale }: { service: ServiceView; scale: Scale }) {
  const block = useBlock();
  const noteId = useId();
  const [draft, setDraft] = useState<string | null>(null);
  const { queue, shown } = scale;
  const typed = draft === null ? null : readReplicas(draft, MAX);
  const ask = (replicas: number) => {
    setDraft(null);
    scale.ask(replicas);
  };
  const disabled = block !== null;
  const asked = queue.wanted !== null && queue.wanted !== service.replicas;

  let note: ReactNode = null;
  if (typed && 'why' in typed) note = <p className="text-bad">{typed.why}</p>;
  else if (typed) {
    note = (
      <Button type="submit" form={`${noteId}form`} className="text-xs">
        scale to {typed.replicas}
      </Button>
    );
  } else if (queue.refusal) {
    note = (
      <p role="alert" className="text-bad">
        {queue.refusal.detail}{' '}
        <span className="text-dim">
          <Prose text={queue.refusal.next ?? ''} />
        </span>{' '}
        <Help id={queue.refusal.kind} about="why it was refused" />
      </p>
    );
  } else if (block) note = <BlockNote block={block} />;
  else if (asked)
    note = <p className="text-accent">{`${service.replicas} → ${queue.wanted} asked for`}</p>;
  else
    note = (
      <p className="text-dim">{`${service.replicas} asked for, ${service.running} running`}</p>
    );

  return (
    <div className="my-3">
      <div className="flex items-center gap-2">
        <Button
          className="h-11 w-14 text-xl"
          aria-label={`One replica of ${service.name} less`}
          disabled={disabled || shown <= 0}
          onClick={() => ask(shown - 1)}
        >
          −
        </Button>
        <form
          id={`${noteId}form`}
          noValidate
          className="flex h-11 flex-1 items-center justify-center text-4xl font-bold"
          onSubmit={(event) => {
            event.preventDefault();
            if (typed && 'replicas' in typed) ask(typed.replicas);
          }}
        >
          {asked && draft === null && (
            <span aria-hidden className="font-normal text-dim">
              {service.replicas}
              <span className="px-2 text-2xl">→</span>
            </span>
          )}
          <input
            className={`field-sizing-content min-w-[1ch] max-w-full rounded-md ${asked ? 'text-accent' : 'text-center'}`}
            size={(draft ?? String(shown)).length || 1}
            aria-label={`Replicas of ${service.name}`}
            aria-invalid={typed !== null && 'why' in typed}
            aria-describedby={noteId}
            inputMode="numeric"
            enterKeyHint="go"
            autoComplete="off"
            maxLength={5}
            disabled={disabled}
            value={draft ?? shown}
            onFocus={(event) => event.target.select()}
            onChange={(event) => setDraft(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Escape') setDraft(null);
            }}
          />
        </form>
        <Button
          className="h-11 w-14 text-xl"
          aria-label={`One replica of ${service.name} more`}
          disabled={disabled || shown >= MAX}
          onClick={() => ask(shown + 1)}
        >
          +
        </Button>
      </div>
      <div className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-2">
        <div id={noteId} className="min-h-5 flex-1 basis-40 text-xs">
          {note}
        </div>
        <span role="group" aria-label="Presets" className="seg">
          {PRESETS.map((preset) => (
            <button
              key={preset}
              type="button"
              className="min-h-8 min-w-8 rounded-md border border-transparent px-1.5 text-dim hover:text-ink aria-pressed:border-line-strong aria-pressed:bg-raise aria-pressed:text-ink disabled:text-faint"
              aria-label={`Scale to ${preset}`}
              aria-pressed={shown === preset}
              disabled={disabled}
              onClick={() => ask(preset)}
            >
              {preset}
            </button>
          ))}
        </span>
      </div>
    </div>
  );
}

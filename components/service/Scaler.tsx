'use client';

import { useId, useState, type ReactNode } from 'react';
import { useMaxReplicas } from '@/lib/client/hooks';
import type { ServiceView } from '@/lib/swarm/view';
import { BlockNote, useBlock } from '../ui/Blocked';
import { Button } from '../ui/Button';
import { Help } from '../ui/Help';
import { Prose } from '../ui/Prose';
import { Term } from '../ui/Term';
import { SegmentGroup } from '../ui/Segmented';
import { maxReplicasWords, parseReplicas, type Scale, type ScaleRefusal } from './scale';

const PRESETS = [1, 3, 5, 10];

/** − number + and presets. A typed number is sent by Enter or by the button that then appears. */
export function Scaler({ service, scale }: { service: ServiceView; scale: Scale }) {
  const block = useBlock('change', 'scale');
  const max = useMaxReplicas();
  const id = useId();
  const [draft, setDraft] = useState<string | null>(null);
  const { shown } = scale;
  const typed = draft === null ? null : parseReplicas(draft, max);
  const request = (replicas: number) => {
    setDraft(null);
    scale.request(replicas);
  };
  const disabled = block !== null;
  const pending = scale.wanted !== null && scale.wanted !== service.replicas;

  let note: ReactNode;
  if (typed && 'error' in typed) note = <p className="text-bad">{typed.error}</p>;
  else if (typed) {
    note = (
      <Button type="submit" form={`${id}form`} className="text-xs">
        Scale to {typed.replicas}
      </Button>
    );
  } else if (scale.refusal) note = <Refusal refusal={scale.refusal} />;
  else if (block) note = <BlockNote block={block} />;
  else if (pending) {
    note = <p className="text-accent">{`Scaling from ${service.replicas} to ${scale.wanted}`}</p>;
  } else if (shown > max) note = <p className="text-warn">{maxReplicasWords(max)}</p>;
  else
    note = (
      <p className="text-dim">
        <Term id="replica">Replicas</Term>{' '}
        <span>{`${service.running ?? '?'} of ${service.replicas} running`}</span>
      </p>
    );

  return (
    <div className="my-3">
      <div data-guide="scale" className="flex items-center gap-2">
        <Button
          className="h-11 w-14 text-xl"
          aria-label={`Remove one ${service.name} replica`}
          disabled={disabled || shown <= 0 || shown - 1 > max}
          onClick={() => request(shown - 1)}
        >
          −
        </Button>
        <form
          id={`${id}form`}
          noValidate
          className="flex h-11 flex-1 items-center justify-center text-4xl font-bold"
          onSubmit={(event) => {
            event.preventDefault();
            if (typed && 'replicas' in typed) request(typed.replicas);
          }}
        >
          {pending && draft === null && (
            <span aria-hidden className="font-normal text-dim">
              {service.replicas}
              <span className="px-2 text-2xl">→</span>
            </span>
          )}
          <input
            className={`field-sizing-content min-w-[1ch] max-w-full touch:min-h-11 touch:min-w-11 rounded-md ${pending ? 'text-accent' : 'text-center'}`}
            size={(draft ?? String(shown)).length || 1}
            aria-label={`Replicas of ${service.name}`}
            aria-invalid={typed !== null && 'error' in typed}
            aria-describedby={`${id}note`}
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
          aria-label={`Add one ${service.name} replica`}
          disabled={disabled || shown >= max}
          onClick={() => request(shown + 1)}
        >
          +
        </Button>
      </div>
      <div className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-2">
        <div id={`${id}note`} className="flex min-h-9 flex-1 basis-40 items-center text-xs">
          {note}
        </div>
        <Presets shown={shown} max={max} disabled={disabled} onChoose={request} />
      </div>
    </div>
  );
}

function Refusal({ refusal: { kind, detail, next } }: { refusal: ScaleRefusal }) {
  return (
    <p role="alert" className="text-bad">
      {detail}{' '}
      <span className="text-dim">
        <Prose text={next ?? ''} />
      </span>{' '}
      <Help id={kind} about="why it was refused" />
    </p>
  );
}

function Presets({
  shown,
  max,
  disabled,
  onChoose,
}: {
  shown: number;
  max: number;
  disabled: boolean;
  onChoose: (replicas: number) => void;
}) {
  return (
    <SegmentGroup role="group" label="Presets" className="max-sm:grow">
      {PRESETS.filter((preset) => preset <= max).map((preset) => (
        <button
          key={preset}
          type="button"
          className="min-h-8 min-w-8 max-sm:grow touch:min-h-11 touch:min-w-11 rounded-md border border-transparent px-1.5 text-dim hover:text-ink aria-pressed:border-line-strong aria-pressed:bg-raise aria-pressed:text-ink disabled:opacity-55"
          aria-label={`Scale to ${preset}`}
          aria-pressed={shown === preset}
          disabled={disabled}
          onClick={() => onChoose(preset)}
        >
          {preset}
        </button>
      ))}
    </SegmentGroup>
  );
}

'use client';

import { useEffect, useMemo, useRef, useState } from 'react';
import { callApi, type ShownProblem } from '@/lib/client/request';
import { parseLossless } from '@/lib/swarm/lossless-json';
import type { Inspection, ServiceDetails } from '@/lib/swarm/spec/answers';
import { ProblemText } from '../actions/ActionFooter';
import type { ActionProps } from '../actions/Actions';
import { Button } from '../ui/Button';
import { copyText } from '../ui/copy';
import { CopyCommand } from '../ui/CopyCommand';
import { Dialog } from '../ui/Dialog';
import { Input } from '../ui/Field';
import { Segmented } from '../ui/Segmented';
import { Skeleton } from '../ui/Skeleton';
import { findIn, jsonText, matchWords, shownText, type FoundText } from './inspect-text';
import { useInspectTarget } from './inspect-target';

const FORMS = [
  { value: 'pretty', label: 'Readable' },
  { value: 'json', label: 'JSON' },
] as const;

/**
 * A service, node or task as docker's inspect commands print it. Values that may be secret are hidden until asked for.
 */
export function InspectDialog({ action, onClose }: ActionProps<'inspect'>) {
  const { name, what, version, path, commandOf, hasPretty, hides } = useInspectTarget(action.of);
  const [form, setForm] = useState<'pretty' | 'json'>(hasPretty ? 'pretty' : 'json');
  const [secrets, setSecrets] = useState(false);
  const { details, problem, load } = useInspected(path, secrets);
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  // Values are hidden at once, whenever the answer without them arrives.
  const shown = hides && !secrets && details?.hidden === false ? null : details;
  const text = useMemo(() => shown && textOf(shown, form), [shown, form]);
  const found = useMemo(() => text !== null && findIn(text, query), [text, query]);
  const matches = found ? found.matches : 0;
  const isOld = details !== null && version !== null && versionOf(details) !== version;
  const search = (next: string) => {
    setQuery(next);
    setAt(0);
  };
  return (
    <Dialog title={`Inspect ${name}`} onClose={onClose}>
      <div className="flex h-[min(38rem,calc(100dvh-8rem))] flex-col gap-3" data-wide data-inspect>
        <div className="flex flex-wrap items-center gap-2">
          {hasPretty && <Segmented label="Form" choices={FORMS} value={form} onChange={setForm} />}
          <Input
            type="search"
            className="min-w-0 flex-1 basis-40 max-sm:order-1 max-sm:basis-full"
            aria-label="Search"
            placeholder="Search"
            autoComplete="off"
            spellCheck={false}
            value={query}
            onChange={(event) => search(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || matches === 0) return;
              event.preventDefault();
              setAt((at + (event.shiftKey ? matches - 1 : 1)) % matches);
            }}
          />
          <span role="status" className="w-16 text-xs text-dim max-sm:flex-1">
            {matchWords(query, matches, at)}
          </span>
          <CopyText text={text} />
        </div>
        <div className="min-h-0 flex-1">
          {found && <Text found={found} at={at} label={form === 'json' ? 'JSON' : what} />}
          {!found && problem && <ProblemText problem={problem} />}
          {!found && !problem && <Skeleton className="h-full" />}
        </div>
        <div className="flex min-h-9 flex-wrap items-center justify-between gap-x-3 gap-y-1 text-xs text-dim">
          <span className="min-w-0 flex-1 basis-60">
            {isOld ? (
              <>
                The {what.toLowerCase()} has changed since.{' '}
                <Button look="link" onClick={load}>
                  Show it as it is now
                </Button>
              </>
            ) : hides ? (
              `Values of the environment and of options, and names of secrets and configs, are ${details?.hidden === false ? 'shown' : 'hidden'}.`
            ) : null}
          </span>
          {hides && (
            <Button aria-pressed={secrets} onClick={() => setSecrets(!secrets)}>
              {secrets ? 'Hide values' : 'Show values'}
            </Button>
          )}
        </div>
        <CopyCommand command={commandOf(form)} label="the equivalent command" />
      </div>
    </Dialog>
  );
}

/** What the page shows of an answer. */
type Shown = Pick<ServiceDetails | Inspection, 'hidden' | 'pretty' | 'json'>;

function textOf({ pretty, json }: Shown, form: 'pretty' | 'json'): string {
  // As the client prints it: an array of what was named.
  return form === 'json' ? jsonText([json]) : shownText(pretty ?? '');
}

function versionOf({ json }: Shown): number {
  return Number((json['Version'] as { Index?: unknown } | undefined)?.Index);
}

interface Inspected {
  details: Shown | null;
  problem: ShownProblem | null;
}

/**
 * Fetches what is inspected; with `secrets` nothing of it is hidden. What was shown stays until the next answer. Its
 * integers are shown as the engine wrote them, also those beyond 2^53.
 */
function useInspected(path: `api/${string}`, secrets: boolean) {
  const [state, setState] = useState<Inspected>({ details: null, problem: null });
  const [loads, setLoads] = useState(0);
  useEffect(() => {
    let obsolete = false;
    void callApi('GET', secrets ? `${path}?secrets` : path).then((result) => {
      if (obsolete) return;
      setState(
        result.ok
          ? { details: parseLossless(result.text ?? '') as Shown, problem: null }
          : { details: null, problem: result.problem },
      );
    });
    return () => {
      obsolete = true;
    };
    // `loads`: it is fetched again.
    // oxlint-disable-next-line react/exhaustive-effect-dependencies, react/exhaustive-deps
  }, [path, secrets, loads]);
  return { ...state, load: () => setLoads((count) => count + 1) };
}

/** The text with its matches marked; the one at `at` is scrolled into sight. */
function Text({
  found: { lines, matches, more },
  at,
  label,
}: {
  found: FoundText;
  at: number;
  label: string;
}) {
  const ref = useRef<HTMLPreElement>(null);
  useEffect(() => {
    const mark = ref.current?.querySelector(`[data-match="${at}"]`);
    mark?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    // Also when there are others.
    // oxlint-disable-next-line react/exhaustive-effect-dependencies, react/exhaustive-deps
  }, [at, matches, lines]);
  return (
    <pre
      ref={ref}
      role="region"
      aria-label={label}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      className="scrolls h-full rounded-lg border border-line bg-well px-3 py-2.5 font-mono text-[12.5px]/normal wrap-anywhere whitespace-pre-wrap [--color-panel:var(--color-well)] [tab-size:8]"
    >
      {lines.map((parts, line) => (
        <span key={line} className="block min-h-lh">
          {parts.map(({ text, match }, part) =>
            match === null ? (
              text
            ) : (
              <mark
                key={part}
                data-match={match}
                className={match === at ? 'bg-accent text-panel' : 'bg-accent-line text-ink'}
              >
                {text}
              </mark>
            ),
          )}
        </span>
      ))}
      {more > 0 && (
        <span className="block font-sans text-xs text-warn">
          {more} more lines: copy the text to see them.
        </span>
      )}
    </pre>
  );
}

function CopyText({ text }: { text: string | null }) {
  const [result, setResult] = useState<'Copied' | 'Select it' | null>(null);
  useEffect(() => {
    if (!result) return undefined;
    const timer = setTimeout(() => setResult(null), 2000);
    return () => clearTimeout(timer);
  }, [result]);
  return (
    <>
      <Button
        className="w-20"
        disabled={text === null}
        aria-label="Copy the text"
        onClick={() => {
          if (text !== null) {
            void copyText(text).then((done) => setResult(done ? 'Copied' : 'Select it'));
          }
        }}
      >
        {result ?? 'Copy'}
      </Button>
      <span role="status" className="sr-only">
        {result}
      </span>
    </>
  );
}

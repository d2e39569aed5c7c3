import type { Run, SingleResponse } from '@/lib/curl/run';
import { Button } from '../../ui/Button';
import { Scroller } from '../../ui/Scroller';
import { msText } from '../words';
import { bodyNotes, missingResponseWords, timeParts } from './response-words';

const PARTS = {
  Connect: { color: 'bg-slot-1', what: 'until the connection' },
  Wait: { color: 'bg-slot-2', what: 'until the first byte' },
  Receive: { color: 'bg-slot-4', what: 'until the last byte' },
} as const;

/** The response to a single request: what was sent where, what came back, and how long each part took. */
export function ResponseView({
  run,
  response,
  onLogLine,
}: {
  run: Run;
  response: SingleResponse;
  /** Shows the line of the request in the log. */
  onLogLine: (() => void) | undefined;
}) {
  const { statusLine, headers, headersTruncated, body, entryNode, address } = response;
  const missing = missingResponseWords(response);
  const notes = bodyNotes(response, run.request.method);
  return (
    <section aria-label="Response" className="mt-3 grid gap-3">
      <Scroller
        label="Request and response"
        // Its shadows end on the well's colour.
        className="max-h-120 rounded-lg [--color-panel:var(--color-well)] border border-line bg-well px-3 py-2.5 font-mono text-[13px]/normal"
      >
        <p className="wrap-anywhere text-dim">
          {run.request.method} {run.request.path} HTTP/1.1
        </p>
        <p className="mb-2.5 wrap-anywhere text-dim">
          Host: {address}
          <span className="font-sans text-xs"> (entry node {entryNode})</span>
        </p>
        {missing && <p className="font-sans text-bad">{missing}</p>}
        {statusLine !== null && (
          <>
            <p className={`font-bold wrap-anywhere ${statusTone(statusLine)}`}>{statusLine}</p>
            <ul aria-label="Response headers">
              {headers.map(([name, value], at) => (
                <li key={at} className="wrap-anywhere">
                  <span className="text-accent">{name}:</span> {value}
                </li>
              ))}
            </ul>
            {headersTruncated && (
              <p className="font-sans text-xs text-warn">More headers than shown here.</p>
            )}
            {body !== '' && (
              <pre
                role="group"
                aria-label="Response body"
                className="mt-2.5 wrap-anywhere whitespace-pre-wrap"
              >
                {body}
              </pre>
            )}
            {notes.map((note) => (
              <p key={note} className="mt-1.5 font-sans text-xs text-warn">
                {note}
              </p>
            ))}
          </>
        )}
      </Scroller>
      <Times response={response} />
      <Button className="justify-self-start" disabled={!onLogLine} onClick={onLogLine}>
        Log line
      </Button>
    </section>
  );
}

function statusTone(line: string): string {
  const code = line.split(' ')[1] ?? '';
  return code.startsWith('2') ? 'text-ok' : code.startsWith('3') ? 'text-warn' : 'text-bad';
}

function Times({ response }: { response: SingleResponse }) {
  const parts = timeParts(response);
  return (
    <div>
      <div aria-hidden className="flex h-2.5 gap-px overflow-hidden rounded-[3px]">
        {parts.map(({ name, ms }) => (
          <i
            key={name}
            className={`block min-w-0.5 ${PARTS[name].color}`}
            style={{ flexGrow: ms, flexBasis: 0 }}
          />
        ))}
      </div>
      <dl className="mt-1.5 flex flex-wrap gap-x-5 gap-y-1 text-xs text-dim">
        {parts.map(({ name, ms }) => (
          <div key={name} className="flex items-center gap-1.5">
            <dt className="flex items-center gap-1.5">
              <i aria-hidden className={`size-2.5 rounded-[3px] ${PARTS[name].color}`} />
              {name}
              <span className="sr-only"> {PARTS[name].what}</span>
            </dt>
            <dd className="font-semibold text-ink">{msText(ms)}</dd>
          </div>
        ))}
        <div className="flex gap-1.5">
          <dt>Total</dt>
          <dd className="font-semibold text-ink">{msText(response.totalMs)}</dd>
        </div>
      </dl>
    </div>
  );
}

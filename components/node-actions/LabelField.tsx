import { useEffect, useId, useRef, type KeyboardEvent } from 'react';
import type { LabelRule } from '@/lib/swarm/details';
import { Button } from '../ui/Button';
import { Input } from '../ui/Field';
import { isMet, type LabelRow } from './label-form';

/** A label's fields, what is wrong with them, and the services that look at it. */
export function LabelField({
  row: { name, value, state, nameError, valueError },
  refused,
  note,
  rules,
  onName,
  onValue,
  onRemove,
  onUndo,
}: {
  row: LabelRow;
  /** Why the server refused it. */
  refused: string | null;
  note: string | null;
  rules: readonly LabelRule[];
  onName: (name: string) => void;
  onValue: (value: string) => void;
  onRemove: () => void;
  onUndo: () => void;
}) {
  const id = useId();
  const isNew = state === 'added';
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (isNew) first.current?.focus();
  }, [isNew]);
  const removed = state === 'removed';
  const wrong = valueError ?? refused;
  // A name that is shown otherwise than the engine has it cannot be sent back.
  const isOdd = !isNew && /\s|…$/u.test(name);
  return (
    <li data-label={name} data-label-state={state}>
      <div
        className={`grid items-center gap-x-2 gap-y-1 ${isNew ? 'sm:grid-cols-[minmax(0,2fr)_minmax(0,3fr)_auto]' : ''} grid-cols-[minmax(0,1fr)_auto]`}
      >
        {isNew ? (
          <Input
            ref={first}
            className="w-full font-mono max-sm:col-span-full"
            aria-label="Name of the new label"
            placeholder="name"
            aria-invalid={nameError !== null}
            aria-describedby={`${id}error`}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            value={name}
            onChange={(event) => onName(event.target.value)}
            onKeyDown={submitOnEnter}
          />
        ) : (
          <span
            className={`col-span-full font-mono wrap-anywhere ${removed ? 'text-dim line-through' : ''}`}
          >
            {name}
          </span>
        )}
        <Input
          className="w-full font-mono"
          aria-label={isNew ? 'Value of the new label' : `Value of ${name}`}
          placeholder={isNew ? 'value' : ''}
          aria-invalid={wrong !== null}
          aria-describedby={`${id}error`}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          disabled={removed || isOdd}
          value={value}
          onChange={(event) => onValue(event.target.value)}
          onKeyDown={submitOnEnter}
        />
        {removed || state === 'changed' ? (
          <Button className="w-20 text-xs" aria-label={`Keep ${name} as it is`} onClick={onUndo}>
            Undo
          </Button>
        ) : (
          <Button
            className="w-20 text-xs"
            aria-label={isNew ? 'Remove the new label' : `Remove ${name}`}
            disabled={isOdd}
            onClick={onRemove}
          >
            Remove
          </Button>
        )}
      </div>
      <p id={`${id}error`} className="mt-1 text-xs text-bad empty:hidden">
        {[nameError, wrong].filter(Boolean).join(' ')}
      </p>
      {(note || isOdd) && (
        <p className="mt-1 text-xs text-dim">
          {isOdd ? 'This name cannot be changed here: use docker.' : note}
        </p>
      )}
      {rules.length > 0 && (
        <ul className="mt-1 text-xs text-dim">
          {rules.map((one) => (
            <li key={`${one.service} ${one.rule}`} className="wrap-anywhere">
              {one.service}: <code className="font-mono">{one.rule}</code>
              {isMet(one, removed ? null : value) === false && (
                <span className="text-warn"> not met</span>
              )}
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

/** Several fields without a submit button: the browser does not submit by itself. */
function submitOnEnter(event: KeyboardEvent<HTMLInputElement>) {
  if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
  event.preventDefault();
  event.currentTarget.form?.requestSubmit();
}

import type { ReactNode } from 'react';
import { PROTOCOLS, PUBLISH_MODES } from '@/lib/swarm/spec/form';
import type { TermId } from '../ui/terms';
import { Button } from '../ui/Button';
import { Input, Select } from '../ui/Field';
import { TextArea } from '../ui/TextArea';
import { FieldNote } from './FieldNote';
import { FieldLabel, Option, WhatIs, WRONG } from './FormField';
import type { ListName } from './fields';
import { useControl, useFormContext } from './form-context';
import {
  newPair,
  newPort,
  newText,
  type FormState,
  type PairRow,
  type PortRow,
  type TextRow,
} from './form-state';

type PairList = 'env' | 'labels' | 'containerLabels';
type TextList = 'constraints' | 'preferences';

/** The entries of a list of the form, and how they are changed. */
function useRows<L extends ListName>(list: L) {
  const { id, state, edit } = useFormContext();
  type Row = FormState[L][number];
  const rows = state[list] as readonly Row[];
  const set = (field: string, change: (rows: readonly Row[]) => readonly Row[]) =>
    edit(field, (before) => ({ ...before, [list]: change(before[list]) }));
  return {
    rows,
    add: (row: Row) => {
      set(list, (before) => [...before, row]);
      // The first control of the new entry, once it is there.
      requestAnimationFrame(() =>
        document
          .querySelector<HTMLElement>(`[data-row="${row.key}"] :is(input, textarea)`)
          ?.focus(),
      );
    },
    change: (field: string, key: string, over: Partial<Row>) =>
      set(field, (before) => before.map((row) => (row.key === key ? { ...row, ...over } : row))),
    remove: (key: string) => {
      set(list, (before) => before.filter((row) => row.key !== key));
      document.getElementById(`${id}-${list}`)?.focus();
    },
  };
}

/** A list with its name, its entries and the button that adds one. */
function List({
  list,
  label,
  option,
  term,
  add,
  onAdd,
  children,
  action,
  hint,
}: {
  list: ListName;
  label: string;
  option: string;
  term?: TermId;
  /** The button's text. */
  add: string;
  onAdd: () => void;
  children: ReactNode;
  action?: ReactNode;
  hint?: ReactNode;
}) {
  const control = useControl(list);
  return (
    <fieldset className="min-w-0" data-list={list}>
      <legend className="sr-only">{label}</legend>
      <div className="mb-1 flex items-baseline gap-x-2 text-xs">
        <span aria-hidden className="flex-none text-dim">
          {label}
        </span>
        {term && <WhatIs term={term} />}
        <Option name={option} />
      </div>
      {hint && <p className="mb-1 text-xs text-dim">{hint}</p>}
      <div className="space-y-1">{children}</div>
      <FieldNote field={list} bare />
      <div className="flex flex-wrap gap-2">
        <Button
          id={control.id}
          className="text-xs"
          aria-describedby={control['aria-describedby']}
          onClick={onAdd}
        >
          {add}
        </Button>
        {action}
      </div>
    </fieldset>
  );
}

function Remove({ what, onClick }: { what: string; onClick: () => void }) {
  return (
    <Button
      look="bare"
      className="flex-none text-dim"
      aria-label={`Remove ${what}`}
      onClick={onClick}
    >
      ✕
    </Button>
  );
}

export function PortRows() {
  const { rows, add } = useRows('ports');
  return (
    <List
      list="ports"
      label="Published ports"
      option="--publish"
      term="published port"
      add="Add port"
      onAdd={() => add(newPort())}
    >
      {rows.map((row, at) => (
        <PortFields key={row.key} row={row} number={at + 1} />
      ))}
    </List>
  );
}

function PortFields({ row, number }: { row: PortRow; number: number }) {
  const { change, remove } = useRows('ports');
  const field = (part: string) => `ports.${row.key}.${part}`;
  const published = useControl(field('published'));
  const target = useControl(field('target'));
  const protocol = useControl(field('protocol'));
  const mode = useControl(field('mode'));
  const which = <span className="sr-only">{` of port ${number}`}</span>;
  return (
    <div
      data-row={row.key}
      className="grid grid-cols-[1fr_1fr_auto] items-start gap-x-2 gap-y-1 xs:grid-cols-[1fr_1fr_4.5rem_5.75rem_auto]"
    >
      <div className="min-w-0">
        <FieldLabel htmlFor={published.id}>Published{which}</FieldLabel>
        <Input
          {...published}
          className={`w-full ${WRONG}`}
          inputMode="numeric"
          autoComplete="off"
          placeholder="any"
          value={row.published}
          onChange={(event) =>
            change(field('published'), row.key, { published: event.target.value })
          }
        />
        <FieldNote field={field('published')} />
      </div>
      <div className="min-w-0">
        <FieldLabel htmlFor={target.id}>Container{which}</FieldLabel>
        <Input
          {...target}
          className={`w-full ${WRONG}`}
          inputMode="numeric"
          autoComplete="off"
          value={row.target}
          onChange={(event) => change(field('target'), row.key, { target: event.target.value })}
        />
        <FieldNote field={field('target')} />
      </div>
      <div className="min-w-0">
        <FieldLabel htmlFor={protocol.id}>Protocol{which}</FieldLabel>
        <Select
          {...protocol}
          className="w-full"
          value={row.protocol}
          onChange={(event) =>
            change(field('protocol'), row.key, {
              protocol: event.target.value as PortRow['protocol'],
            })
          }
        >
          {PROTOCOLS.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </Select>
        <FieldNote field={field('protocol')} />
      </div>
      <div className="min-w-0">
        <FieldLabel htmlFor={mode.id}>Mode{which}</FieldLabel>
        <Select
          {...mode}
          className="w-full"
          value={row.mode}
          onChange={(event) =>
            change(field('mode'), row.key, { mode: event.target.value as PortRow['mode'] })
          }
        >
          {PUBLISH_MODES.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </Select>
        <FieldNote field={field('mode')} />
      </div>
      <div className="pt-5.5 max-xs:col-start-3 max-xs:row-start-1">
        <Remove what={`port ${number}`} onClick={() => remove(row.key)} />
      </div>
    </div>
  );
}

export function TextRows({
  list,
  label,
  option,
  one,
  placeholder,
  term,
}: {
  list: TextList;
  label: string;
  option: string;
  /** The name of one entry, in lower case. */
  one: string;
  placeholder: string;
  term?: TermId;
}) {
  const { rows, add } = useRows(list);
  return (
    <List
      list={list}
      label={label}
      option={option}
      {...(term && { term })}
      add={`Add ${one}`}
      onAdd={() => add(newText())}
    >
      {rows.map((row, at) => (
        <TextFields
          key={row.key}
          list={list}
          row={row}
          what={`${one} ${at + 1}`}
          placeholder={placeholder}
        />
      ))}
    </List>
  );
}

function TextFields({
  list,
  row,
  what,
  placeholder,
}: {
  list: TextList;
  row: TextRow;
  what: string;
  placeholder: string;
}) {
  const { change, remove } = useRows(list);
  const field = `${list}.${row.key}`;
  const control = useControl(field);
  return (
    <div data-row={row.key}>
      <div className="flex items-start gap-1">
        <Input
          {...control}
          aria-label={`${what.slice(0, 1).toUpperCase()}${what.slice(1)}`}
          className={`flex-1 font-mono ${WRONG}`}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          placeholder={placeholder}
          value={row.text}
          onChange={(event) => change(field, row.key, { text: event.target.value })}
        />
        <Remove what={what} onClick={() => remove(row.key)} />
      </div>
      <FieldNote field={field} />
    </div>
  );
}

/** Values of a list that are hidden until they are asked for. */
export interface HiddenValues {
  hidden: boolean;
  show: () => void;
  hide: () => void;
}

export function PairRows({
  list,
  label,
  option,
  one,
  values,
}: {
  list: PairList;
  label: string;
  option: string;
  one: string;
  values?: HiddenValues | undefined;
}) {
  const { rows, add } = useRows(list);
  const areHidden = rows.some(({ hidden }) => hidden);
  return (
    <List
      list={list}
      label={label}
      option={option}
      add={`Add ${one}`}
      onAdd={() => add(newPair())}
      hint={areHidden && 'A hidden value stays as it is, unless you type another one.'}
      action={
        values &&
        (areHidden || (!values.hidden && rows.length > 0)) && (
          <Button
            className="text-xs"
            aria-pressed={!areHidden}
            onClick={areHidden ? values.show : values.hide}
          >
            {areHidden ? 'Show values' : 'Hide values'}
          </Button>
        )
      }
    >
      {rows.map((row, at) => (
        <PairFields key={row.key} list={list} row={row} what={`${one} ${at + 1}`} />
      ))}
    </List>
  );
}

function PairFields({ list, row, what }: { list: PairList; row: PairRow; what: string }) {
  const { change, remove } = useRows(list);
  const field = (part: string) => `${list}.${row.key}.${part}`;
  const name = useControl(field('name'));
  const value = useControl(field('value'));
  return (
    <div data-row={row.key} data-hidden={row.hidden || undefined}>
      {/* Beside little room the value is below the name. */}
      <div className="grid grid-cols-[1fr_auto] items-start gap-1 xs:grid-cols-[2fr_auto_3fr_auto]">
        <Input
          {...name}
          aria-label={`Name of ${what}`}
          className={`w-full font-mono read-only:text-dim ${WRONG}`}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          placeholder="NAME"
          // Its value would be lost with another name.
          readOnly={row.hidden}
          value={row.name}
          onChange={(event) => change(field('name'), row.key, { name: event.target.value })}
        />
        <span aria-hidden className="py-1.5 text-faint max-xs:hidden touch:py-2.5">
          =
        </span>
        <TextArea
          {...value}
          aria-label={`Value of ${what}`}
          className={`w-full font-mono max-xs:col-span-full ${WRONG}`}
          autoCapitalize="off"
          spellCheck={false}
          rows={1}
          value={row.value}
          placeholder={row.hidden ? 'hidden' : 'empty'}
          onChange={(event) => change(field('value'), row.key, { value: event.target.value })}
        />
        <span className="max-xs:col-start-2 max-xs:row-start-1">
          <Remove what={row.name === '' ? what : row.name} onClick={() => remove(row.key)} />
        </span>
      </div>
      <FieldNote field={field('name')} bare />
      <FieldNote field={field('value')} />
    </div>
  );
}
